import * as z from 'zod';
import { domainId } from '../envelope/ids.ts';

/** How a request ended. `refused`: it never left; `failed`: no answer came; `cut`: the answer was not read to its end. */
export const egressOutcomes = ['answered', 'refused', 'failed', 'cut'] as const;

/** What left this machine for the network: where to and how much, never what. */
export const egressEvents = {
  // egress/<server_id>
  'egress.request_ended': z.object({
    /** On whose behalf it was allowed: the server that a person added. */
    server_id: domainId('server'),
    /** Scheme, host and port; no path, which may hold what nobody should read. */
    origin: z.string(),
    method: z.string(),
    outcome: z.enum(egressOutcomes),
    /** Of the answer; null when there was none. */
    status: z.number().int().nullable(),
    /** The error code of what went wrong. */
    code: z.string().nullable(),
    /** The address that was connected to first. */
    address: z.string().nullable(),
    /** Of the bodies. */
    sent_bytes: z.number().int(),
    received_bytes: z.number().int(),
    ms: z.number().int(),
    /** More than one where the same was refused again and again. */
    times: z.number().int().positive(),
  }),
} as const;
