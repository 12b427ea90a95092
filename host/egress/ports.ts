import type { DomainEventData } from '#schema/events/domain-events.ts';
import type { AddressKind } from './core/allowed.ts';

/** Where a name leads. */
export interface Address {
  address: string;
  family: 4 | 6;
  kind: AddressKind;
}

/** Every address of a name, or of an address that is written as one. Throws what the system says. */
export type Resolve = (hostname: string) => Promise<readonly Address[]>;

/** What somebody wants to ask of another machine. */
export interface Question {
  url: URL;
  method: string;
  headers: Headers;
  body: string | null;
}

export interface Outgoing extends Question {
  /** Connected to one of these and to nothing else, whatever the name leads to by then. */
  addresses: readonly Address[];
  connectMs: number;
  signal: AbortSignal;
}

/** The answer's head, and its body as it comes. */
export interface Incoming {
  status: number;
  headers: Headers;
  body: AsyncIterable<Uint8Array>;
  /** Ends it without reading the rest. */
  cancel(): void;
}

/** One request without any judgement. Throws what the system says. */
export type Send = (request: Outgoing) => Promise<Incoming>;

export type RequestEnded = DomainEventData<'egress.request_ended'>;

/** Keeps what left the machine. */
export type RecordRequest = (ended: RequestEnded, runId: string | null) => Promise<void>;
