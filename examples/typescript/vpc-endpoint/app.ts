import { App } from 'aws-cdk-lib';
import { VpcEndpointStack } from './vpc-endpoint-stack';

new VpcEndpointStack(new App(), 'VpcEndpoint');
