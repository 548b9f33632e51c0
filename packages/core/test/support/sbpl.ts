// An evaluator of the part of Seatbelt's language that our profiles use, from the text alone: it shares nothing with the
// compiler. What it does not know is an error, so that a profile that says more than it should does not pass.

type Expression = string | Readonly<{ string: string }> | readonly Expression[];

/** What the kernel would ask about. `path`: of a file or a unix socket. */
export type Asked = Readonly<{
  path?: string;
  /** Of a service, a sysctl or shared memory. */
  name?: string;
  /** Another process. */
  sameSandbox?: boolean;
  local?: Address;
  remote?: Address;
  /** Kinds of extensions that the process holds for the path. */
  extensions?: readonly string[];
}>;
/** `loopback`: of this machine's own addresses. */
type Address = Readonly<{ protocol: "tcp" | "udp"; port: number; loopback?: boolean }>;

type Rule = Readonly<{
  allow: boolean;
  operations: readonly string[];
  filters: readonly (readonly Expression[])[];
}>;

export type Profile = Readonly<{ rules: readonly Rule[]; allows(operation: string, asked?: Asked): boolean }>;

/** @throws Error for text that is not of the language, or not of the part that is known here */
export function readProfile(text: string): Profile {
  const [version, ...forms] = expressionsOf(text);
  if (JSON.stringify(version) !== '["version","1"]') throw new Error("no (version 1) at its start");
  const [byDefault, ...rest] = forms.map(ruleOf);
  if (byDefault?.allow !== false || byDefault.operations.join() !== "default")
    throw new Error("no (deny default) at its start");
  if (rest.some(({ operations }) => operations.includes("default"))) throw new Error("a second default");
  return {
    rules: rest,
    allows: (operation, asked = {}) =>
      rest.findLast(
        ({ operations, filters }) =>
          operations.some((one) => isPartOf(operation, one)) &&
          (filters.length === 0 || filters.some((filter) => fits(filter, asked))),
      )?.allow ?? false,
  };
}

function ruleOf(form: Expression): Rule {
  if (!Array.isArray(form)) throw new Error(`not a rule: ${JSON.stringify(form)}`);
  const [action, ...words] = form;
  if (action !== "allow" && action !== "deny") throw new Error(`not an action: ${JSON.stringify(action)}`);
  const operations = words.filter((word) => typeof word === "string");
  const filters = words.filter((word) => Array.isArray(word));
  if (operations.length === 0 || operations.length + filters.length !== words.length)
    throw new Error(`not a rule: ${JSON.stringify(form)}`);
  return { allow: action === "allow", operations, filters };
}

function isPartOf(operation: string, whole: string): boolean {
  return operation === whole || (whole.endsWith("*") && operation.startsWith(whole.slice(0, -1)));
}

function fits([kind, ...args]: readonly Expression[], asked: Asked): boolean {
  const { path } = asked;
  switch (kind) {
    case "literal":
      return path === text(args[0]);
    case "subpath": {
      const root = text(args[0]);
      return path !== undefined && (path === root || path.startsWith(root === "/" ? "/" : `${root}/`));
    }
    case "regex":
      return path !== undefined && new RegExp(bytes(text(args[0])), "s").test(bytes(path));
    case "global-name":
    case "sysctl-name":
    case "ipc-posix-name":
      return asked.name === text(args[0]);
    case "sysctl-name-prefix":
      return asked.name?.startsWith(text(args[0])) ?? false;
    case "extension":
      return asked.extensions?.includes(text(args[0])) ?? false;
    case "target":
      if (args[0] !== "same-sandbox") throw new Error(`target ${JSON.stringify(args[0])}`);
      return asked.sameSandbox ?? false;
    case "local":
    case "remote":
      return isAddress(asked[kind], args);
    case "socket-domain":
    case "socket-protocol":
      return false;
    case "require-all":
      return args.every((one) => fits(one as readonly Expression[], asked));
    default:
      throw new Error(`not a filter: ${JSON.stringify(kind)}`);
  }
}

/** One character for each byte: that is what the kernel compares. */
function bytes(value: string): string {
  return Buffer.from(value).toString("latin1");
}

function isAddress(asked: Address | undefined, [protocol, address]: readonly Expression[]): boolean {
  if (asked === undefined) return false;
  if (protocol !== "ip" && protocol !== asked.protocol) return false;
  if (address === undefined) return true;
  const [, host, port] = /^(\*|localhost):(\*|\d+)$/.exec(text(address)) ?? [];
  if (host === undefined) throw new Error(`not an address: ${text(address)}`);
  return (host === "*" || asked.loopback === true) && (port === "*" || Number(port) === asked.port);
}

function text(expression: Expression | undefined): string {
  if (typeof expression === "object" && "string" in expression) return expression.string;
  throw new Error(`not a string: ${JSON.stringify(expression)}`);
}

/** As TinyScheme's reader has it: in a string a backslash takes the next character as it is, but for n, t, r and x. */
function expressionsOf(source: string): readonly Expression[] {
  let at = 0;
  const skip = () => {
    while (/\s/.test(source[at] ?? "")) at++;
  };
  const string = (): Expression => {
    let value = "";
    for (at++; source[at] !== '"'; at++) {
      if (source[at] === undefined) throw new Error("a string without an end");
      if (source[at] === "\\") {
        at++;
        if (/[ntrx0-7]/i.test(source[at] ?? "")) throw new Error(`the escape \\${source[at]}`);
      }
      value += source[at];
    }
    at++;
    return { string: value };
  };
  const expression = (): Expression => {
    if (source[at] === '"') return string();
    if (source[at] !== "(") {
      const word = /^[a-zA-Z0-9*_-]+/.exec(source.slice(at, at + 100))?.[0];
      if (word === undefined) throw new Error(`unexpected ${JSON.stringify(source[at])} at ${at}`);
      at += word.length;
      return word;
    }
    const list: Expression[] = [];
    for (at++, skip(); source[at] !== ")"; skip()) {
      if (source[at] === undefined) throw new Error("a list without an end");
      list.push(expression());
    }
    at++;
    return list;
  };
  const all: Expression[] = [];
  for (skip(); at < source.length; skip()) all.push(expression());
  return all;
}
