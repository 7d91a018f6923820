// What the defaults have is absent: nothing. What an option or an attached function has stands here with its reason.

/** Of every Lambda function without these settings; none of the telemetry's business. */
const ANY_FUNCTION = {
  checkov: [
    'CKV_AWS_115 AWS::Lambda::Function', // no reserved concurrency
    'CKV_AWS_116 AWS::Lambda::Function', // no dead-letter queue
    'CKV_AWS_117 AWS::Lambda::Function', // not in a VPC
  ],
  cfnLint: ['W3005'], // CDK lets each function wait for its role, to which the function refers anyway
};

/** Attaching adds variables: no secrets, but checkov asks for `environmentEncryption` as soon as there are any. */
const VARIABLES = 'CKV_AWS_173 AWS::Lambda::Function';

export const EXPECTED_FINDINGS: Record<string, Record<string, string[]>> = {
  'cfn-lint': {
    'a function alone': ANY_FUNCTION.cfnLint,
    'attached function': ANY_FUNCTION.cfnLint,
    'attached function, CloudWatch Logs denied': ANY_FUNCTION.cfnLint,
    'in force: not encrypted, and a property that does not exist': ['E3002'],
  },
  checkov: {
    // the principal * of the key's policy, which the condition aws:PrincipalOrgID narrows: checkov does not look at it
    'producer organization': ['CKV_AWS_33 AWS::KMS::Key'],
    'a function alone': ANY_FUNCTION.checkov,
    'attached function': [...ANY_FUNCTION.checkov, VARIABLES],
    'attached function, CloudWatch Logs denied': [...ANY_FUNCTION.checkov, VARIABLES],
    'in force: not encrypted, and a property that does not exist': ['CKV_AWS_43 AWS::Kinesis::Stream'],
  },
};
