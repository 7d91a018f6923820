import type { ExtensionOptions } from '../extension-options';

/** Overrides win value by value; `buffering` and `tags` are merged key by key. */
export function mergeOptions(base: ExtensionOptions = {}, overrides: ExtensionOptions = {}): ExtensionOptions {
  return {
    ...base,
    ...defined(overrides),
    ...defined({ buffering: merged(base.buffering, overrides.buffering), tags: merged(base.tags, overrides.tags) }),
  };
}

function merged<T extends object>(base: T | undefined, over: T | undefined): T | undefined {
  return base && over ? { ...base, ...defined(over) } : (over ?? base);
}

/** jsii hands over structs with keys that are present and undefined: they must not erase what is set below them. */
function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Partial<T>;
}
