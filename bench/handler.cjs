// Writes `count` lines: each becomes an event of about 350 bytes on its way to the extension.
let state = 1;

/** Hex digits as ids have them; the same in every run (a linear congruential generator; Numerical Recipes' constants). */
function hex(digits) {
  let text = '';
  while (text.length < digits) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += (state >>> 8).toString(16).padStart(6, '0');
  }
  return text.slice(0, digits);
}

exports.handler = async ({ count = 0 }) => {
  for (let index = 0; index < count; index += 1) {
    const [trace, order, client] = [hex(32), hex(12), `10.${state & 255}.${(state >> 8) & 255}.17`];
    console.log(
      `GET /api/v2/orders/${order} status=200 bytes=${state & 65_535} client=${client} agent="checkout/4.2.1" ` +
        `cache=miss trace=${trace} upstream=inventory took=${state % 997}ms retries=0 `.padEnd(130, 'x'),
    );
  }
};
