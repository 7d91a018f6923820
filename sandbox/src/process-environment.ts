import { dirname } from 'node:path';
import type { Settings } from './settings';

/** What the function has and an extension does not (developer guide, "Extension environment variables"). */
const WITHHELD: readonly string[] = [
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_XRAY_CONTEXT_MISSING',
  'AWS_XRAY_DAEMON_ADDRESS',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
];

type Variables = Record<string, string>;

/** Variables of an extension process; nothing of this process' own environment is among them. */
export function extensionVariables(settings: Settings, runtimeApi: string): Variables {
  return Object.fromEntries(
    Object.entries(shared(settings, runtimeApi)).filter(([name]) => !WITHHELD.includes(name) && !name.startsWith('_')),
  );
}

/** Variables of the runtime process. */
export function runtimeVariables(settings: Settings, runtimeApi: string): Variables {
  return {
    ...shared(settings, runtimeApi),
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${settings.functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: settings.instanceId,
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: '169.254.79.129:2000',
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    LAMBDA_TASK_ROOT: dirname(settings.handler),
    _HANDLER: settings.handlerName,
    ...(settings.managedInstances ? { AWS_LAMBDA_MAX_CONCURRENCY: String(settings.maxConcurrency) } : {}),
  };
}

function shared(settings: Settings, runtimeApi: string): Variables {
  const { credentials } = settings;
  return {
    PATH: `${settings.binFolder}:/usr/local/bin:/usr/bin:/bin`,
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    ...settings.environment,
    ...(credentials
      ? {
          AWS_ACCESS_KEY_ID: credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
          ...(credentials.sessionToken ? { AWS_SESSION_TOKEN: credentials.sessionToken } : {}),
        }
      : {}),
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_REGION: settings.region,
    AWS_DEFAULT_REGION: settings.region,
    AWS_LAMBDA_FUNCTION_NAME: settings.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: settings.functionVersion,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memorySizeMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: settings.initializationType,
    AWS_LAMBDA_LOG_FORMAT: settings.logFormat,
  };
}
