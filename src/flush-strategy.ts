import { type Duration, Token, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { durationInMs } from './private/validation';

/**
 * When the extension sends what it holds. A full batch always leaves at once, whatever the strategy.
 */
export class FlushStrategy {
  /**
   * After each invocation while invocations are sparse, concurrently with the running function when they are
   * frequent, so that a busy function pays nothing. The default.
   */
  public static adaptive(): FlushStrategy {
    return new FlushStrategy('adaptive');
  }

  /**
   * At the end of each invocation, before the environment may be frozen: the freshest data; the time until Kinesis
   * has answered (at most `flushTimeout`) is part of the billed duration.
   */
  public static endOfInvocation(): FlushStrategy {
    return new FlushStrategy('end-of-invocation');
  }

  /**
   * While the next invocation runs: costs the function nothing; the events of the last invocation wait for the next
   * one or for the shutdown of the environment.
   */
  public static nextInvocation(): FlushStrategy {
    return new FlushStrategy('next-invocation');
  }

  /**
   * At an interval, while the environment is not frozen.
   *
   * @param interval 10 ms to 15 minutes (the longest run of a function)
   */
  public static periodic(interval: Duration): FlushStrategy {
    return new FlushStrategy('periodic', interval);
  }

  private constructor(
    private readonly strategy: string,
    private readonly interval?: Duration,
  ) {}

  /** @internal */
  public _toVariable(scope: IConstruct): string {
    if (this.interval === undefined) return this.strategy;
    const ms = durationInMs(scope, 'flushStrategy: periodic', this.interval, 10, 900_000);
    return `${this.strategy}:${Token.isUnresolved(ms) ? Tokenization.stringifyNumber(ms) : ms}`;
  }
}
