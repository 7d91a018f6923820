import type { Duration } from 'aws-cdk-lib';

/**
 * When an alarm of `TelemetryMonitoring` goes off, beside its threshold.
 */
export interface AlarmThresholdOptions {
  /**
   * Of so many periods ...
   *
   * @default - see the alarm
   */
  readonly evaluationPeriods?: number;

  /**
   * ... so many have to be beyond the threshold.
   *
   * @default - see the alarm
   */
  readonly datapointsToAlarm?: number;

  /**
   * What a datapoint is taken over.
   *
   * @default - see the alarm
   */
  readonly period?: Duration;
}

/**
 * The threshold of an alarm, or the wish to have none.
 */
export class AlarmThreshold {
  /**
   * An alarm with this threshold.
   *
   * @param value in the unit of the alarm
   * @param options periods other than the default ones
   */
  public static of(value: number, options: AlarmThresholdOptions = {}): AlarmThreshold {
    return new AlarmThreshold(value, options);
  }

  /**
   * No such alarm.
   */
  public static off(): AlarmThreshold {
    return new AlarmThreshold(undefined, {});
  }

  /** Undefined for none. @internal */
  public readonly _value: number | undefined;

  /** @internal */
  public readonly _options: AlarmThresholdOptions;

  private constructor(value: number | undefined, options: AlarmThresholdOptions) {
    this._value = value;
    this._options = options;
  }
}
