// The least a Node.js extension can be: register, listen, subscribe, poll. What the real one costs is told relative
// to this process, which does the handshake and nothing with what it receives.
const http = require('node:http');

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function call(method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ agent, hostname, port, method, path, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function main() {
  const events = JSON.stringify({ events: ['INVOKE', 'SHUTDOWN'] });
  const registered = await call(
    'POST',
    '/2020-01-01/extension/register',
    { 'Lambda-Extension-Name': 'floor-extension' },
    events,
  );
  const headers = { 'Lambda-Extension-Identifier': registered.headers['lambda-extension-identifier'] };
  const server = http.createServer((request, response) => request.resume().on('end', () => response.end()));
  await new Promise((resolve) => server.listen(0, '0.0.0.0', resolve));
  const subscription = {
    schemaVersion: '2022-12-13',
    types: ['platform', 'function'],
    buffering: { maxItems: 10_000, maxBytes: 262_144, timeoutMs: 25 },
    destination: { protocol: 'HTTP', URI: `http://sandbox.localdomain:${server.address().port}` },
  };
  await call(
    'PUT',
    '/2022-07-01/telemetry',
    { ...headers, 'content-type': 'application/json' },
    JSON.stringify(subscription),
  );
  for (;;) {
    const { body } = await call('GET', '/2020-01-01/extension/event/next', headers);
    if (JSON.parse(body).eventType === 'SHUTDOWN') process.exit(0);
  }
}

void main();
