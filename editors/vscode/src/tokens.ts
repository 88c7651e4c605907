// App tokens: kept in VS Code's secret storage, each for one host, and handed to the server in its
// environment, host and token together, so that no other host can be meant. They are never
// settings, arguments or messages of the protocol, all of which get logged.

/** The part of VS Code's storage that is used. */
export interface Secrets {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

/** The part of VS Code's memory that is used; it holds hosts alone. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** The variable that the program reads: `HOST=TOKEN`, separated by blanks. */
export const VARIABLE = "TULE_TOKENS";

const HOSTS = "tule.hosts";
const key = (host: string): string => `token:${host}`;

export class Tokens {
  private readonly secrets: Secrets;
  private readonly memory: Memory;

  constructor(secrets: Secrets, memory: Memory) {
    this.secrets = secrets;
    this.memory = memory;
  }

  /** Hosts with a token, sorted. */
  hosts(): readonly string[] {
    const known = this.memory.get(HOSTS);
    return Array.isArray(known) ? known.filter((host) => typeof host === "string").sort() : [];
  }

  async keep(host: string, token: string): Promise<void> {
    await this.secrets.store(key(host), token);
    await this.memory.update(HOSTS, [...new Set([...this.hosts(), host])]);
  }

  async forget(host: string): Promise<void> {
    await this.secrets.delete(key(host));
    await this.memory.update(HOSTS, this.hosts().filter((known) => known !== host));
  }

  /** What the server's environment gets beside its own; nothing where the workspace is not trusted. */
  async environment(trusted: boolean): Promise<Record<string, string>> {
    if (!trusted) return {};
    const pairs: string[] = [];
    for (const host of this.hosts()) {
      const token = await this.secrets.get(key(host));
      if (token !== undefined && isToken(token) && hostOf(host) === host) pairs.push(`${host}=${token}`);
    }
    return pairs.length > 0 ? { [VARIABLE]: pairs.join(" ") } : {};
  }
}

/** Whether a text can be an app token: one word of visible ASCII. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]{1,4096}$/u.test(text);
}

/** The host in what somebody typed or pasted, with its port if that is unusual. */
export function hostOf(text: string): string | undefined {
  const trimmed = text.trim();
  const address = /^https?:\/\//iu.test(trimmed) ? trimmed : `https://${trimmed}`;
  if (trimmed === "" || !URL.canParse(address)) return undefined;
  const { host, username, password } = new URL(address);
  return username === "" && password === "" && /[.:]|^localhost$/u.test(host) ? host : undefined;
}
