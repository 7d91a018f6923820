/** A handler like any other: it knows nothing of the extension. */
exports.handler = async (event) => {
  console.log('order', event.orderId ?? 'unknown');
  return { statusCode: 200 };
};
