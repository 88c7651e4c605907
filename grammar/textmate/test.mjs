// The TextMate grammar, read by the engine that VS Code runs it with. Each case is a text and what
// its words must be; a word may carry `#2` for its second occurrence.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';

const require = createRequire(import.meta.url);
const path = fileURLToPath(new URL('tule.tmLanguage.json', import.meta.url));
await oniguruma.loadWASM(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')));
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async (scope) =>
    scope === 'source.tule' ? textmate.parseRawGrammar(readFileSync(path, 'utf8'), path) : null,
});
const grammar = await registry.loadGrammar('source.tule');

const KEYWORD = 'keyword.other.tule';
const TABLE = 'entity.name.type.table.tule';
const NAME = 'variable.other.tule';
const OPERATOR = 'keyword.operator.tule';
const WORD_OPERATOR = 'keyword.operator.expression.tule';
const STRING = 'string.quoted.single.tule';
const DOUBLE = 'string.quoted.double.tule';
const ESCAPE = 'constant.character.escape.tule';
const CONDITIONAL = 'keyword.control.conditional.tule';
const PARAMETER = 'variable.parameter.tule';
const TYPE = 'support.type.tule';
const AGGREGATE = 'support.function.aggregate.tule';
const FUNCTION = 'support.function.tule';
const COMMENT = 'comment.line.double-dash.tule';
const BLOCK = 'comment.block.tule';
const NUMBER = 'constant.numeric.tule';
const CONSTANT = 'constant.language.tule';

const cases = [
  ['select beat from police_calls', { select: KEYWORD, beat: NAME, from: KEYWORD, police_calls: TABLE }],
  ['SELECT Beat FROM Police_Calls', { SELECT: KEYWORD, Beat: NAME, FROM: KEYWORD, Police_Calls: TABLE }],
  ['from t select a group by a', { t: TABLE, a: NAME, group: KEYWORD, by: KEYWORD }],
  ['select selected, by_whom, a_from', { selected: NAME, by_whom: NAME, a_from: NAME }],
  ['select größe from 数据', { größe: NAME, 数据: TABLE }],
  ['select a from @esc4-8x43 as c', { '@esc4-8x43': TABLE, as: KEYWORD, c: NAME }],
  ['join lateral (select 1)', { join: KEYWORD, lateral: KEYWORD, select: KEYWORD, 1: NUMBER }],
  ['left outer join x on true', { left: KEYWORD, outer: KEYWORD, x: TABLE, true: CONSTANT }],
  ['select @t.x-1', { '@t': TABLE, x: NAME, '-': OPERATOR, 1: NUMBER }],
  ["from 'stockton/police_calls'", { 'stockton/police_calls': STRING }],
  ['select :id, :@computed_region, :*', {
    ':id': 'variable.language.tule', ':@computed_region': 'variable.language.tule', ':*': 'keyword.operator.star.tule',
  }],
  ['select * (except a)', { '*': OPERATOR, except: KEYWORD, a: NAME }],
  ["where a = 'it''s' and b", { "it": STRING, "''": ESCAPE, and: WORD_OPERATOR, b: NAME }],
  ["where a = '' or b", { or: WORD_OPERATOR, b: NAME }],
  ["where a = '''' or b", { or: WORD_OPERATOR, b: NAME }],
  ["where a = 'one\ntwo' or b", { two: STRING, or: WORD_OPERATOR }],
  ["where a = '-- no' or b", { 'no': STRING, or: WORD_OPERATOR }],
  ["where a = 'a\\' or b", { or: WORD_OPERATOR }],
  ['select "a\\n\\u0041\\U01F600\\q" as b', {
    a: DOUBLE, '\\n': ESCAPE, '\\u0041': ESCAPE, '\\U01F600': ESCAPE, '\\q': 'invalid.illegal.escape.tule', as: KEYWORD,
  }],
  ['select "open\nfrom t', { open: DOUBLE, from: KEYWORD, t: TABLE }],
  ['select `a-b`, `select`', { 'a-b': 'variable.other.quoted.tule', 'select#2': 'variable.other.quoted.tule' }],
  ['select a -- from b\nfrom c', { 'from': COMMENT, 'from#2': KEYWORD, c: TABLE }],
  ['-- allow(implicit-limit): the first page', {
    allow: 'keyword.control.directive.tule', 'implicit-limit': 'entity.name.tag.rule.tule', page: COMMENT,
  }],
  ['select /* from\n b */ a', { from: BLOCK, b: BLOCK, a: NAME }],
  ['select 1--2', { 1: NUMBER, 2: COMMENT }],
  ['select 1, 1., 1.5e-3, a1', { '1.5e-3': NUMBER, a1: NAME }],
  ['select a::text, b :: Floating_Timestamp, c::colour', {
    '::': 'keyword.operator.cast.tule', text: TYPE, Floating_Timestamp: TYPE, colour: NAME,
  }],
  ["query calls_since($since floating_timestamp default '2025-01-01', $beat text) as", {
    query: 'keyword.other.definition.tule', calls_since: 'entity.name.function.tule', $since: PARAMETER,
    floating_timestamp: TYPE, default: KEYWORD, '2025-01-01': STRING, $beat: PARAMETER, text: TYPE,
  }],
  ['select query from t', { from: KEYWORD, t: TABLE }],
  ['where a = $beat and b = ?hole', { $beat: PARAMETER, '?hole': 'variable.parameter.hole.tule' }],
  ['select count(*), SUM (x), upper(a), own_thing(b)', {
    count: AGGREGATE, SUM: AGGREGATE, upper: FUNCTION, own_thing: 'entity.name.function.tule',
  }],
  ['select count, upper', { count: NAME, upper: NAME }],
  ['where d > today() - 30', { today: FUNCTION, '>': OPERATOR, '-': OPERATOR, 30: NUMBER }],
  ["where a in ('x') and b between 1 and 2", { in: WORD_OPERATOR, between: WORD_OPERATOR, 'and#2': WORD_OPERATOR }],
  ['where a is not null or not b', { is: WORD_OPERATOR, not: WORD_OPERATOR, null: CONSTANT }],
  ["case x when 1 then 'a' else 'b' end", {
    case: CONDITIONAL, x: NAME, when: CONDITIONAL, then: CONDITIONAL, else: CONDITIONAL, end: CONDITIONAL,
  }],
  ['sum(x) filter (where y) over (partition by z order by w rows between 1 preceding and current row)', {
    filter: KEYWORD, over: KEYWORD, partition: KEYWORD, rows: KEYWORD, preceding: KEYWORD, current: KEYWORD, z: NAME,
  }],
  ['order by a desc nulls last limit all', { desc: 'storage.modifier.tule', nulls: 'storage.modifier.tule', limit: KEYWORD, all: KEYWORD }],
  ['select a |> select b union all select c', { '|>': OPERATOR, union: WORD_OPERATOR, all: KEYWORD }],
  ["select hint(materialized) a search 'x'; select b", { hint: KEYWORD, search: KEYWORD, ';': 'punctuation.separator.tule' }],
  ['select place.latitude, extra[1]', { place: NAME, latitude: NAME, '[': 'punctuation.section.brackets.tule' }],
  ['with d as (select 1) select 2', { with: 'keyword.other.definition.tule', d: NAME }],
  ["select param('x'), param", { param: FUNCTION, 'param#2': NAME }],
];

/** The scopes of every character of a text. */
function scopesOf(text) {
  let state = textmate.INITIAL;
  const all = [];
  for (const line of text.split('\n')) {
    const { tokens, ruleStack, stoppedEarly } = grammar.tokenizeLine(line, state, 1000);
    if (stoppedEarly) throw new Error(`a line takes too long: ${line}`);
    for (const { startIndex, endIndex, scopes } of tokens) {
      for (let at = startIndex; at < Math.min(endIndex, line.length); at++) all.push(scopes);
    }
    all.push([]);
    state = ruleStack;
  }
  return all;
}

/** Where a word stands; a word is not found inside another one. */
function find(text, word) {
  const [, wanted, nth] = /^([\s\S]+?)(?:#(\d+))?$/.exec(word);
  const letter = /[\p{L}\p{N}_$]/u;
  let left = Number(nth ?? 1);
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    const inside =
      (letter.test(wanted[0]) && at > 0 && letter.test(text[at - 1])) ||
      (letter.test(wanted.at(-1)) && end < text.length && letter.test(text[end]));
    if (!inside && --left === 0) return [at, end];
  }
  throw new Error(`no ${word} in: ${text}`);
}

let faults = 0;
let checked = 0;
for (const [text, expected] of cases) {
  const scopes = scopesOf(text);
  for (const [word, scope] of Object.entries(expected)) {
    const [from, to] = find(text, word);
    for (let at = from; at < to; at++) {
      if (scopes[at].includes(scope)) continue;
      faults++;
      console.error(`${JSON.stringify(text)}: ${word} is ${scopes[at].slice(1).join(' ') || 'nothing'}, not ${scope}`);
      break;
    }
    checked++;
  }
}
console.log(`${checked} words of ${cases.length} texts, ${faults} wrong`);
process.exitCode = faults === 0 ? 0 : 1;
