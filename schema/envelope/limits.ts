/** Every limit of the wire in one place. Bytes and milliseconds. */
export const limits = {
  /** A payload above this is refused with `payload_too_large`; the connection lives on. */
  payloadBytes: 1024 * 1024,
  /** A frame above this is refused with `frame_too_large`; the connection closes, since the rest cannot be trusted. */
  frameBytes: 16 * 1024 * 1024,
  /** Before the welcome frame nobody may send more than this. */
  preAuthFrameBytes: 4 * 1024,
  /** The whole handshake must be over by then. */
  handshakeMs: 5_000,
  /** Nesting of arrays and objects in one frame. */
  jsonDepth: 64,
  /** Events queued for one client that does not read. */
  queuedEvents: 128,
  /** Bytes queued for one client that does not read. */
  queuedBytes: 1024 * 1024,
  /** How long a client whose event queue is full may go without reading before it is disconnected. */
  slowConsumerMs: 2_000,
  /** Requests one connection may have in flight. */
  requestsInFlight: 128,
  /** Connections at once, authenticated or not. */
  connections: 512,
} as const;
