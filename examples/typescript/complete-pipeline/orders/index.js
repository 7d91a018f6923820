/** Takes an order. It logs, fails when it is asked to, and knows nothing of telemetry. */
exports.handler = async ({ orderId = 'none', fail = false } = {}) => {
  console.info('order received', { orderId });
  if (fail) throw new Error(`no stock for order ${orderId}`);
  return { orderId, accepted: true };
};
