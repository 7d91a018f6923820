/** Logs in three levels, and fails when it is asked to: each is an event in the stream. */
exports.handler = async (event) => {
  console.info('order received', { orderId: event.orderId ?? 'none' });
  console.warn('stock is low');
  if (event.fail) throw new Error('asked to fail');
  return { ok: true };
};
