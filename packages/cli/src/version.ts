/** The version in package.json, which a test compares: an executable has no package.json to read. */
export const VERSION = "0.1.0";
