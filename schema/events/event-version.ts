/** The version of its data that this build gives to every event it appends. */
export const DOMAIN_EVENT_VERSION = 1;
