import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ApiType, compileWhenMissing, type Member, publicTypes, ROOT } from './compiled-library';

interface Entry {
  readonly path: string;
  readonly member: Pick<Member, 'docs' | 'optional' | 'type'>;
}

/** What is inherited from CDK and constructs has its docs there. */
function own(members: readonly Member[] | undefined): readonly Member[] {
  return (members ?? []).filter(({ overrides }) => !/^(aws-cdk-lib|constructs)\./.test(overrides ?? ''));
}

function members(type: ApiType): Entry[] {
  const all = [...own(type.properties), ...own(type.methods), ...(type.members ?? [])];
  return all.map((member) => ({ path: `${type.name}.${member.name}`, member }));
}

function parameters(type: ApiType): Entry[] {
  const ofMethods = own(type.methods).flatMap(({ name, parameters }) =>
    (parameters ?? []).map((member) => ({ path: `${type.name}.${name}(${member.name})`, member })),
  );
  const ofInitializer = (type.initializer?.parameters ?? []).map((member) => ({
    path: `new ${type.name}(${member.name})`,
    member,
  }));
  return [...ofMethods, ...ofInitializer];
}

function sources(): string {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return files.map((file) => readFileSync(join(ROOT, 'src', file), 'utf8')).join('\n');
}

/** Numbers, of props and of arguments: CDK's Duration and Size carry their unit themselves. */
function numbered(type: ApiType): Entry[] {
  const isNumber = ({ member }: Entry) => member.type?.primitive === 'number';
  return [...members(type), ...parameters(type)].filter(isNumber);
}

const UNIT = /seconds|millis|minutes|bytes|MiB|percent|unit|how many|of so many|so many/i;

const undocumented = (entries: Entry[]) =>
  entries.filter(({ member }) => !member.docs?.summary).map(({ path }) => path);

describe('the public API', () => {
  let types: ApiType[] = [];
  beforeAll(async () => {
    await compileWhenMissing();
    types = publicTypes();
  }, 240_000);

  it('has the construct and its options', () => {
    expect(types.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['KinesisTelemetryExtension', 'KinesisTelemetryExtensionProps', 'ExtensionOptions']),
    );
  });

  it('has docs for every type', () => {
    expect(types.filter(({ docs }) => !docs?.summary).map(({ name }) => name)).toEqual([]);
  });

  it('has docs for every member', () => {
    expect(undocumented(types.flatMap(members))).toEqual([]);
  });

  it('has docs for every parameter', () => {
    expect(undocumented(types.flatMap(parameters))).toEqual([]);
  });

  it('says what an optional prop is when it is left out', () => {
    const optional = types.filter(({ datatype }) => datatype).flatMap(members);
    const silent = optional.filter(({ member }) => member.optional && !member.docs?.default).map(({ path }) => path);
    expect(silent).toEqual([]);
  });

  it('has a unit in the name or the docs of every number', () => {
    const numbers = types.flatMap(numbered);
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers.filter(({ path, member }) => !UNIT.test(`${path} ${JSON.stringify(member.docs)}`))).toEqual([]);
  });

  it('names every error code that the library throws, and no other', () => {
    const named = new Set(JSON.stringify(types).match(/KTE_[A-Z_]+/g));
    const thrown = new Set(sources().match(/KTE_[A-Z_]+(?=')/g));
    expect(thrown.size).toBeGreaterThan(15);
    expect([...named].sort()).toEqual([...thrown].sort());
  });
});
