/**
 * How a function gets the right to write to the stream.
 */
export enum PermissionMode {
  /** One managed policy for all functions, attached to their roles. IAM allows ten managed policies a role by default. */
  MANAGED_POLICY = 'managed-policy',

  /** The same statements as an inline policy of each role: takes none of the ten places, works across accounts. */
  INLINE = 'inline',

  /** No rights are given: the roles have them from elsewhere. */
  NONE = 'none',
}
