import * as http from 'node:http';
import * as https from 'node:https';

/**
 * Keep-alive agents that remember which errors came from a socket that had been used before. After a freeze such a
 * socket is usually dead, which calls for a fresh one at once and is nobody's failure; the SDK hides the request that
 * would tell.
 */
export class ReuseAwareAgents {
  public readonly http: http.Agent;
  public readonly https: https.Agent;
  private readonly errors = new WeakSet<Error>();

  public constructor(maxSockets: number) {
    this.http = new http.Agent({ keepAlive: true, maxSockets });
    this.https = new https.Agent({ keepAlive: true, maxSockets });
    this.watch(this.http);
    this.watch(this.https);
  }

  public cameFromReusedSocket(error: Error): boolean {
    return this.errors.has(error);
  }

  private watch(agent: http.Agent): void {
    const reuseSocket = agent.reuseSocket.bind(agent);
    agent.reuseSocket = (socket, request) => {
      const remember = (error: Error) => this.errors.add(error);
      request.once('error', remember);
      request.once('response', (response) => response.once('error', remember));
      reuseSocket(socket, request);
    };
  }
}
