/** An answer of the service that is no success; `type` is what `__type` says. */
export class KinesisServiceError extends Error {
  public override readonly name = 'KinesisServiceError';
  public constructor(
    public readonly type: string,
    message: string,
    public readonly status = 400,
  ) {
    super(message);
  }
}

export function validationError(message: string): KinesisServiceError {
  return new KinesisServiceError('ValidationException', message);
}

/** `1 validation error detected: ...`, in the service's wording. */
export function constraintError(value: string, member: string, constraint: string): KinesisServiceError {
  return validationError(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}
