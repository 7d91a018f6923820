// The function of the demo: does what its event asks for.
exports.handler = async (event) => {
  if (event.say) console.log(event.say);
  if (event.order) process.stdout.write(`${JSON.stringify({ level: 'info', order: event.order, total: 19.99 })}\n`);
  if (event.fail) throw new RangeError(event.fail);
  return { ok: true };
};
