// What programs that use soda-js do, against `tule serve`. The first argument is host and port.
//
// The package speaks https and nothing else, so that its transport, and only that, is replaced.
'use strict';

const assert = require('assert');
const http = require('http');
require('https').request = (options, answer) =>
  http.request(Object.assign({}, options, { protocol: 'http:' }), answer);
const soda = require('soda-js');

const place = process.argv[2];

/** The rows of a query, or its error. */
function rows(build, options) {
  return new Promise((resolve, reject) => {
    const query = new soda.Consumer(place, options).query().withDataset('esc4-8x43');
    build(query).getRows().on('success', resolve).on('error', reject);
  });
}

async function main() {
  // The default limit, and pages in order.
  assert.strictEqual((await rows((query) => query)).length, 1000);
  const page = (at) => rows((query) => query.order('call_no').limit(25).offset(at));
  const pages = [].concat(await page(0), await page(25));
  assert.deepStrictEqual(pages, await rows((query) => query.order('call_no').limit(50)));

  // Clauses.
  const filtered = await rows((query) =>
    query.where({ beat: 'C1' }, soda.expr.lt('priority', '3')).limit(20));
  assert(filtered.length === 20 && filtered.every((row) => row.beat === 'C1' && row.priority < '3'));
  const groups = await rows((query) =>
    query.select('beat', 'count(*) as n').group('beat').having('n > 100').order('n desc').limit(5));
  assert.strictEqual(groups.length, 5);
  assert(groups.every((row, at) => at === 0 || Number(groups[at - 1].n) >= Number(row.n)));
  const found = await rows((query) => query.q('shots').limit(3));
  assert(found.length === 3 && found.every((row) => row.call_type_final === 'SHOTS'
    || row.call_type_orig === 'SHOTS'));

  // Errors reach the caller.
  const refused = await rows((query) => query.where("beet = 'A1'")).catch((error) => error);
  assert.strictEqual(refused.errorCode, 'query.soql.no-such-column');
  assert.strictEqual(refused.data.column, 'beet');
  const wrong = await rows((query) => query.limit(1), { apiToken: 'wrong' }).catch((e) => e);
  assert.strictEqual(wrong.code, 'permission_denied');
  assert.strictEqual((await rows((query) => query.limit(1), { apiToken: 'right' })).length, 1);
  console.log('soda-js: all well');
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
