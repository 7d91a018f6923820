import { App } from 'aws-cdk-lib';
import { ConsumerStack } from './consumer-stack';
import { ShopStack } from './shop-stack';
import { TelemetryStack } from './telemetry-stack';

const app = new App();
const telemetry = new TelemetryStack(app, 'Telemetry');
new ShopStack(app, 'Shop').addDependency(telemetry);
new ConsumerStack(app, 'Consumer').addDependency(telemetry);
app.synth();
