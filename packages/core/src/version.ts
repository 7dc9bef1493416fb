/** The version of this package: what a plugin's `core` range is compared with. A test holds it equal to package.json. */
export const version = '0.1.0'
