import type { LocalAnswer, LocalHttp, LocalRequest } from '../../extension/src/local-http';

export type ScriptedAnswer = Partial<LocalAnswer> | Error | Promise<Partial<LocalAnswer>>;

/** Lambda's API in memory: each request takes the next answer; when the script is used up, none comes. */
export function scriptedHttp(...script: ScriptedAnswer[]): {
  http: LocalHttp;
  requests: LocalRequest[];
  script: ScriptedAnswer[];
} {
  const requests: LocalRequest[] = [];
  const http: LocalHttp = async (request) => {
    requests.push(request);
    const answer = await (script.shift() ?? new Promise<never>(() => {}));
    if (answer instanceof Error) throw answer;
    return { status: 200, headers: {}, body: '', ...answer };
  };
  return { http, requests, script };
}
