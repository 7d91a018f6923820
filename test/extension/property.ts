import * as fc from 'fast-check';

/** `fc.assert` for synchronous properties, with a type that says so: no promise that one could forget to await. */
export function assertProperty<Ts>(property: fc.IProperty<Ts>, parameters?: fc.Parameters<Ts>): void {
  void fc.assert(property, parameters);
}
