import { App } from 'aws-cdk-lib';
import { CompletePipelineStack } from './complete-pipeline-stack';

// No env: the template suits every account and Region, and synth needs neither credentials nor look-ups.
new CompletePipelineStack(new App(), 'CompletePipeline');
