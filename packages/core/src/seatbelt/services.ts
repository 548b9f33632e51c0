// Which Mach services and which variables of the kernel an ordinary program uses, and which are shut whatever else a
// profile says. Source: the profiles that Apple ships, and those of the Chromium, WebKit and Firefox projects.

type Reasons = Readonly<Record<string, string>>;

/** Without these libc itself fails: they hold nothing of the user's. */
const ORDINARY: Reasons = {
  "com.apple.system.opendirectoryd.libinfo": "getpwuid(3), getgrgid(3)",
  "com.apple.system.opendirectoryd.membership": "whether a user is in a group",
  "com.apple.system.notification_center": "notify(3): the time zone has changed",
  "com.apple.system.logger": "syslog(3)",
  "com.apple.logd": "os_log(3)",
  "com.apple.bsd.dirhelper": "confstr(3): the user's temporary directory",
};

const NETWORK: Reasons = {
  "com.apple.SystemConfiguration.configd": "proxies, interfaces",
  "com.apple.trustd": "certificates of servers, without the keychain",
  "com.apple.trustd.agent": "the same for a user",
};

const NAMES: Reasons = {
  "com.apple.SystemConfiguration.DNSConfiguration": "which servers resolve names",
  "com.apple.dnssd.service": "getaddrinfo(3)",
};

const SHUT: Reasons = {
  "com.apple.SecurityServer": "the keychain",
  "com.apple.securityd": "the keychain",
  "com.apple.securityd.xpc": "the keychain",
  "com.apple.secd": "the keychain that iCloud shares",
  "com.apple.security.authhost": "asks for the user's password",
  "com.apple.coreservices.launchservicesd": "Launch Services",
  "com.apple.coreservices.appleevents": "Apple Events",
  "com.apple.lsd.open": "opens programs and addresses",
  "com.apple.lsd.mapdb": "which program opens what",
  "com.apple.lsd.modifydb": "changes that",
  "com.apple.cfprefsd.agent": "the user's preferences",
  "com.apple.cfprefsd.daemon": "those of the machine",
  "com.apple.pasteboard.1": "the clipboard",
  "com.apple.tccd": "asks for the user's consent",
  "com.apple.tccd.system": "the same",
  "com.apple.windowserver.active": "the screen and the keyboard",
};

export const SERVICES = {
  ordinary: Object.keys(ORDINARY),
  network: Object.keys(NETWORK),
  names: Object.keys(NAMES),
  shut: Object.keys(SHUT),
};

/** Of this machine and of this process: none of them tells of other processes. */
export const VARIABLES = {
  names: [
    "kern.argmax",
    "kern.boottime",
    "kern.hostname",
    "kern.maxfiles",
    "kern.maxfilesperproc",
    "kern.maxproc",
    "kern.maxprocperuid",
    "kern.ngroups",
    "kern.secure_kernel",
    "kern.tcsm_available",
    "kern.tcsm_enable",
    "kern.usrstack64",
    "kern.version",
    "security.mac.lockdown_mode_state",
    "sysctl.proc_cputype",
    "sysctl.proc_native",
    "sysctl.proc_translated",
    "vm.loadavg",
    "vm.pagesize",
    "vm.swapusage",
  ],
  prefixes: ["hw.", "kern.os", "machdep.cpu."],
  network: ["net.routetable"],
};
