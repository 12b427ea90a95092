// The compiler's own types of WebAssembly come only with those of a browser's page.

/** A compiled program. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: string;
}
export interface WasmInstance {
  readonly exports: object;
}

interface Wasm {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  Instance: new (module: WasmModule, imports: object) => WasmInstance;
}

export const wasm = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly;
