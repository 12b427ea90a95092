/** The one contract version this build speaks. Additive within v1 (F-32); a removal means v2 (F-33). */
export const CONTRACT_VERSION = 1;
export const SUPPORTED_VERSIONS: readonly number[] = [CONTRACT_VERSION];
