import { expect, it } from "vitest";
import { withoutSecrets } from "./without-secrets.ts";

const clean = (text: string) => text.replaceAll(/hunter\$2|pa\*ss/g, "[redacted]");

it("leaves out what holds a secret, also where the profile's own signs stand in it", () => {
  const filesystem = {
    read_file: ["~/a", "/in/hunter$$2"],
    allow_pattern: ["/in/pa\\*ss*"],
    write: ["/in/hunter$2"],
  };
  expect(withoutSecrets({ filesystem }, clean)).toEqual({
    profile: { filesystem: { read_file: ["~/a"] } },
    held: ["/in/[redacted]", "/in/[redacted]*"],
  });
});

it("leaves everything else as it is", () => {
  const profile = { filesystem: { read_file: ["~/$$a"] }, network: { listen_ports: [80] } };
  expect(withoutSecrets(profile, clean)).toEqual({ profile, held: [] });
});
