// Loaded before kinesis-local, which has no option for the address it binds: every server listens on loopback only.
const { Server } = require('node:net');

const listen = Server.prototype.listen;
Server.prototype.listen = function (first, ...rest) {
  if (typeof first === 'object' && first !== null && !('fd' in first) && !('path' in first)) {
    return listen.call(this, { ...first, host: '127.0.0.1' }, ...rest);
  }
  if (!Number.isInteger(Number(first))) return listen.call(this, first, ...rest); // a socket's path
  const callback = rest.find((argument) => typeof argument === 'function');
  return listen.call(this, { port: Number(first), host: '127.0.0.1' }, ...(callback ? [callback] : []));
};
