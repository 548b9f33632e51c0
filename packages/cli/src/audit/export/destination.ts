// Which collector is meant, by options and by the variables that OpenTelemetry names. Pure. Source: OpenTelemetry Protocol
// Exporter, configuration options.

import { CliError } from "../../error.ts";
import type { Protocol } from "./collector.ts";

export type Destination = Readonly<{ url: string; protocol: Protocol }>;

type Environment = Readonly<Record<string, string | undefined>>;

const ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
const LOGS_ENDPOINT = "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT";
const PATH = "v1/logs";

/** @throws CliError `option-value`, `audit-no-collector` */
export function destinationOf(
  { endpoint, protocol }: Readonly<{ endpoint: string | undefined; protocol: Protocol | undefined }>,
  env: Environment,
): Destination {
  const asked = env.OTEL_EXPORTER_OTLP_LOGS_PROTOCOL ?? env.OTEL_EXPORTER_OTLP_PROTOCOL;
  const spoken = protocol ?? (asked === "http/json" ? asked : "http/protobuf");
  if (endpoint !== undefined) return { url: urlOf(endpoint, "--endpoint"), protocol: spoken };
  const [exact, base] = [env[LOGS_ENDPOINT], env[ENDPOINT]];
  if (exact) return { url: checked(exact, LOGS_ENDPOINT).href, protocol: spoken };
  if (!base) throw new CliError({ code: "audit-no-collector" });
  return { url: withPath(checked(base, ENDPOINT)), protocol: spoken };
}

/** A collector is usually named without a path. */
function urlOf(text: string, from: string): string {
  const url = checked(text, from);
  return url.pathname === "/" ? withPath(url) : url.href;
}

function withPath(url: URL): string {
  const path = `${url.pathname.replace(/\/$/, "")}/${PATH}`;
  return new URL(`${path}${url.search}`, url).href;
}

function checked(text: string, from: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new CliError({
      code: "option-value",
      option: from,
      value: text,
      expected: "a URL as in http://localhost:4318",
    });
  if (url.username !== "" || url.password !== "")
    throw new CliError({
      code: "option-value",
      option: from,
      value: url.host,
      expected: "a URL without a user: secrets belong into OTEL_EXPORTER_OTLP_HEADERS",
    });
  return url;
}

/** `name=value,other=value`, percent-encoded. */
export function headersOf(env: Environment): Readonly<Record<string, string>> {
  const text = env.OTEL_EXPORTER_OTLP_LOGS_HEADERS ?? env.OTEL_EXPORTER_OTLP_HEADERS ?? "";
  const pairs = text.split(",").map((pair) => pair.split("="));
  return Object.fromEntries(
    pairs.flatMap(([name = "", ...value]) =>
      name.trim() === "" ? [] : [[name.trim().toLowerCase(), decoded(value.join("=").trim())]],
    ),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
