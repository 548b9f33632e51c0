// What the stand-in answers, as a pure function of the script and of one request of Anthropic's messages API.
// Source: https://docs.anthropic.com/en/api/messages and …/messages-streaming.

/** The part of a request that decides the answer. */
export type MessagesRequest = Readonly<{
  model?: string;
  stream?: boolean;
  tools?: readonly Readonly<{ name: string }>[];
  system?: string | readonly Block[];
  messages?: readonly Readonly<{ role: string; content: string | readonly Block[] }>[];
}>;

type Block = Readonly<{
  type: string;
  text?: string;
  tool_use_id?: string;
  content?: string | readonly Block[];
}>;

/** Shell commands in the order that the model wants them run, and a name that tells this script from earlier ones. */
export type Script = Readonly<{ name: string; commands: readonly string[] }>;

export type Turn =
  | Readonly<{ kind: "call"; id: string; tool: string; command: string }>
  | Readonly<{ kind: "text"; text: string }>;

/** The agents' names for "run this in a shell". */
const SHELL_TOOLS = ["Bash", "bash", "exec", "exec_command"];

/** The name of the request's shell tool; `undefined` marks a side request, such as one for a title. */
export function shellToolOf(request: MessagesRequest): string | undefined {
  return request.tools?.find((tool) => SHELL_TOOLS.includes(tool.name))?.name;
}

/**
 * The answer to `request`. The results that it carries tell how far the script is; those of earlier scripts, which a
 * continued session sends along, are told apart by their ids.
 */
export function nextTurn(script: Script, request: MessagesRequest): Turn {
  const tool = shellToolOf(request);
  if (tool === undefined) return { kind: "text", text: "Stand-in" };
  const step = resultsOf(script, request).length;
  const command = script.commands[step];
  if (command === undefined) return { kind: "text", text: "Done." };
  return { kind: "call", id: `${idPrefix(script)}${step}`, tool, command };
}

/** What the agent saw of this script's commands, in order. */
export function resultsOf(script: Script, request: MessagesRequest): string[] {
  return blocksOf(request)
    .filter((block) => block.type === "tool_result" && block.tool_use_id?.startsWith(idPrefix(script)))
    .map((block) => textOf(block.content));
}

/** Everything that the user said in the conversation so far, for telling whether a session was continued. */
export function userText(request: MessagesRequest): string {
  return (request.messages ?? [])
    .filter((message) => message.role === "user")
    .map((message) => textOf(message.content))
    .join("\n");
}

/** What the agent tells the model by itself, such as the user's instructions for all projects. */
export const systemText = (request: MessagesRequest): string => textOf(request.system);

/** Letters and digits only: some agents rewrite any other character of an id. */
const idPrefix = (script: Script) => `toolu${script.name}step`;

const blocksOf = (request: MessagesRequest): Block[] =>
  (request.messages ?? []).flatMap((message) => (typeof message.content === "string" ? [] : message.content));

function textOf(content: string | readonly Block[] | undefined): string {
  if (content === undefined) return "";
  if (typeof content === "string") return content;
  return content.map((block) => block.text ?? "").join("");
}
