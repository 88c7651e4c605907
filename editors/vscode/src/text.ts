// Small texts: ages, names that need back-quotes, titles of results.

const DAY = 86_400_000;

/** How long ago a date was, in words; nothing for a text that is no date. */
export function age(date: string, now: number): string | undefined {
  const time = Date.parse(date);
  if (Number.isNaN(time)) return undefined;
  const days = Math.floor((now - time) / DAY);
  if (days < 1) return "today";
  if (days === 1) return "yesterday";
  if (days < 60) return `${days} days ago`;
  return days < 730 ? `${Math.round(days / 30.44)} months ago` : `${Math.floor(days / 365.25)} years ago`;
}

/** The reserved words of the language; a test compares them with the compiler's. */
export const RESERVED: ReadonlySet<string> = new Set((
  "select distinct except as from full left right outer inner join lateral on where group having order asc desc limit "
  + "offset search filter and or not is between like in null true false union intersect minus"
).split(" "));

/** A name as a query has to write it. In back-quotes every name is right; all but plain ones get them. */
export function quoted(name: string): string {
  const plain = /^(?::@?)?[a-z_][a-z0-9_]*$/iu.test(name) && !RESERVED.has(name.toLowerCase());
  return plain ? name : `\`${name}\``;
}

/** What a result is called: the statement's name, or where it is. */
export function titleOf(name: string | null, file: string, line: number): string {
  return name ?? `${file.split(/[\\/]/u).at(-1) ?? file}:${line + 1}`;
}

/** A file name out of a title. */
export function fileName(title: string, extension: string): string {
  const plain = title.replace(/\.tule(?=:|$)/u, "").replace(/[^\p{L}\p{N}_-]+/gu, "_").replace(/^_+|_+$/gu, "");
  return `${plain === "" ? "result" : plain}.${extension}`;
}

/** Where a text stands now: where it stood, else the only place that has it. */
export function find(text: string, wanted: string, offset: number): number | undefined {
  if (text.startsWith(wanted, offset)) return offset;
  const first = text.indexOf(wanted);
  return first >= 0 && text.indexOf(wanted, first + 1) < 0 ? first : undefined;
}

/** What is wrong with the text of a parameter, as far as can be said without the compiler. */
export function fault(type: string, text: string, required: boolean): string | undefined {
  if (text === "") return required ? "a value is needed" : undefined;
  if ((type === "number" || type === "double") && !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu.test(text)) {
    return "a number is needed";
  }
  if (type === "boolean" && !/^(?:true|false)$/iu.test(text)) return "true or false is needed";
  return undefined;
}
