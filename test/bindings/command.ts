import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly timeoutMs?: number;
}

const KEPT_LINES = 40;
const DEFAULT_TIMEOUT_MS = 600_000;

/**
 * Runs a command to its end and returns what it wrote to stdout.
 *
 * @throws with the end of its output when it fails or takes too long
 */
export function run(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { cwd, env, input = '', timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...quietEnvironment(), ...env },
      shell: process.platform === 'win32' && /^(npm|mvn)$/.test(command), // npm.cmd and mvn.cmd there
    });
    // not spawn's own `timeout`: it keeps the process alive to the end where the command does not exist
    const timer = setTimeout(() => child.kill(), timeoutMs);
    let stdout = '';
    let both = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      both += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      both += text;
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new Error(`${command}: ${error.message}`));
    });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      if (status === 0) return resolve(stdout);
      const end = both.trimEnd().split('\n').slice(-KEPT_LINES).join('\n');
      const how = signal ? `ended by ${signal} after at most ${timeoutMs} ms` : `exit status ${status}`;
      reject(new Error(`${[command, ...args].join(' ')}: ${how}\n${end}`));
    });
    child.stdin.on('error', () => undefined); // a command need not read its input
    child.stdin.end(input);
  });
}

/** The outside shall not decide what is synthesized: no context, no output folder, no account of whoever runs this. */
function quietEnvironment(): NodeJS.ProcessEnv {
  const outside = /^(npm_|CDK_|JSII_|AWS_(ACCESS|SECRET|SESSION|PROFILE|REGION|DEFAULT))/i;
  const kept = Object.entries(process.env).filter(([name]) => !outside.test(name));
  return {
    ...Object.fromEntries(kept),
    JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0],
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}
