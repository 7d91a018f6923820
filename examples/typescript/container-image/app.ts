import { App } from 'aws-cdk-lib';
import { ContainerImageStack } from './container-image-stack';

new ContainerImageStack(new App(), 'ContainerImage');
