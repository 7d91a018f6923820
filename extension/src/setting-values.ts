/** Why a value cannot be used: what is allowed. */
export class Problem {
  public constructor(public readonly allowed: string) {}
}

type Parser<T> = (text: string) => T | Problem;

/** Reads variables one by one and collects a warning for each whose value cannot be used. */
export class SettingReader {
  public readonly warnings: string[] = [];

  public constructor(private readonly environment: Readonly<Record<string, string | undefined>>) {}

  /** The parsed value; `fallback` when the variable is unset, empty or cannot be used. */
  public value<T>(name: string, parse: Parser<T>, fallback: NoInfer<T>): T {
    return this.optional(name, parse, `using ${JSON.stringify(fallback)}`) ?? fallback;
  }

  /** The parsed value, or undefined; `instead` tells what a value that cannot be used leads to. */
  public optional<T>(name: string, parse: Parser<T>, instead: string): T | undefined {
    const text = this.environment[name]?.trim();
    if (text === undefined || text === '') return undefined;
    const parsed = parse(text);
    if (!(parsed instanceof Problem)) return parsed;
    this.warnings.push(`${name} cannot be used: ${JSON.stringify(clip(text))} is not ${parsed.allowed}; ${instead}`);
    return undefined;
  }
}

export function wholeNumber(min: number, max: number): Parser<number> {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : new Problem(`a whole number from ${min} to ${max}`);
  };
}

export function choice<T extends string>(...allowed: readonly T[]): Parser<T> {
  return (text) => allowed.find((value) => value === text) ?? new Problem(`one of ${allowed.join(', ')}`);
}

export function booleanVariable(text: string): boolean | Problem {
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  return new Problem('true or false');
}

export function endpointUrl(text: string): string | Problem {
  const problem = new Problem('a URL such as https://vpce-0123.kinesis.eu-west-1.vpce.amazonaws.com');
  if (!/^https?:\/\/[^/?#\s]+/.test(text) || !URL.canParse(text)) return problem;
  return text.replace(/\/+$/, '');
}

export function stringMap(text: string): Readonly<Record<string, string>> | Problem {
  const problem = new Problem('a JSON object whose values are strings, such as {"team":"shop"}');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return problem;
    if (!Object.values(value).every((entry) => typeof entry === 'string')) return problem;
    return value as Record<string, string>;
  } catch {
    return problem;
  }
}

function clip(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
