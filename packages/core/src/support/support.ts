// What this machine can do, found by asking its kernel.

import { loadAddon } from "../native/locate.ts";
import { isFiltered, placeHere, tracingHere } from "../place/place.ts";
import {
  errnoName,
  withoutFilters,
  withoutInspection,
  withoutLandlock,
  withoutSupervisor,
  withoutTracing,
} from "../place/refusal.ts";
import { NO_SUPERVISOR } from "../plan/darwin-protections.ts";

/** `platform`: `linux`, `darwin` or `unsupported`. `details`: one line for people. */
export type SupportInfo = Readonly<{
  isSupported: boolean;
  platform: "linux" | "darwin" | "unsupported";
  details: string;
}>;

/** Whether a sandbox can be made here. @throws NonoError `native-missing`, `native-mismatch` */
export function supportInfo(): SupportInfo {
  if (process.platform === "darwin") return seatbeltSupport(loadAddon().seatbelt?.().confined ?? false);
  if (process.platform !== "linux")
    return { isSupported: false, platform: "unsupported", details: `no sandbox for ${process.platform} yet` };
  const native = loadAddon();
  const place = placeHere();
  const { abi, error } = native.landlock();
  if (abi < 1)
    return { isSupported: false, platform: "linux", details: withoutLandlock(place, errnoName(error)) };
  if (!native.seccomp().filter)
    return { isSupported: false, platform: "linux", details: withoutFilters(place) };
  const refused = supervisorRefusal();
  const supervisor = refused === undefined ? "with user notification" : `without a supervisor: ${refused}`;
  return { isSupported: true, platform: "linux", details: `Landlock ABI ${abi}; seccomp ${supervisor}` };
}

/** @param confined this process has a sandbox already */
export function seatbeltSupport(confined: boolean): SupportInfo {
  const platform = "darwin";
  if (confined)
    return {
      isSupported: false,
      platform,
      details: "this process is in a sandbox, and macOS lets it make no other",
    };
  return { isSupported: true, platform, details: `Seatbelt; without a supervisor: ${NO_SUPERVISOR}` };
}

/**
 * Why a plan for a supervisor could not be started here; undefined: it can. Only where filters of others hold it has to be
 * tried, by a small process.
 */
export function supervisorRefusal(): string | undefined {
  if (process.platform === "darwin") return NO_SUPERVISOR;
  if (process.platform !== "linux") return `no supervisor for ${process.platform}`;
  const { scope, capabilities } = tracingHere();
  const untraceable = withoutTracing(scope, capabilities);
  if (untraceable !== undefined) return untraceable;
  const native = loadAddon();
  if (!isFiltered()) return native.seccomp().notify ? undefined : withoutSupervisor(placeHere(), "EINVAL");
  const { listener, inspection } = native.listener();
  if (inspection !== 0) return withoutInspection(placeHere());
  return listener === 0 ? undefined : withoutSupervisor(placeHere(), errnoName(listener));
}

/** The short form of `supportInfo`. Never throws: what cannot be found out is not supported. */
export function isSupported(): boolean {
  try {
    return supportInfo().isSupported;
  } catch {
    return false;
  }
}
