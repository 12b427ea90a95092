import { fragmentShader, vertexShader } from './shader.ts';
import type { OrbShape } from './shape.ts';

/** Red, green, blue: 0..1. */
export type Rgb = readonly [number, number, number];

/** One picture. */
export interface OrbFrame {
  readonly shape: OrbShape;
  /** Seconds; the only thing that moves by itself. */
  readonly time: number;
  /** 0..1, as it is heard. */
  readonly level: number;
  readonly tone: Rgb;
  /** The outline that high contrast asks for. */
  readonly line: Rgb | null;
}

const uniformNames = [
  'pixel',
  'time',
  'level',
  'tone',
  'line',
  'radius',
  'square',
  'body',
  'glow',
  'drift',
  'wave',
  'rings',
  'ring',
  'dashes',
  'notch',
  'bars',
  'breath',
] as const;
type Uniform = (typeof uniformNames)[number];

/** Draws orbs on one canvas with WebGL. Made by `open`, which says null where there is none. */
export class OrbPainter {
  readonly #gl: WebGLRenderingContext;
  readonly #places: Readonly<Record<Uniform, WebGLUniformLocation | null>>;

  private constructor(gl: WebGLRenderingContext, program: WebGLProgram) {
    this.#gl = gl;
    this.#places = Object.fromEntries(
      uniformNames.map((name) => [name, gl.getUniformLocation(program, name)]),
    ) as Record<Uniform, WebGLUniformLocation | null>;
  }

  static open(canvas: HTMLCanvasElement): OrbPainter | null {
    const gl = canvas.getContext('webgl', { antialias: false, powerPreference: 'low-power' });
    if (gl === null) return null;
    const program = linked(gl);
    if (program === null) return null;
    gl.useProgram(program);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 3, -1, -1, 3]), gl.STATIC_DRAW);
    const corner = gl.getAttribLocation(program, 'corner');
    gl.enableVertexAttribArray(corner);
    gl.vertexAttribPointer(corner, 2, gl.FLOAT, false, 0, 0);
    return new OrbPainter(gl, program);
  }

  draw({ shape, time, level, tone, line }: OrbFrame): void {
    const gl = this.#gl;
    const at = this.#places;
    const { width, height } = gl.canvas;
    gl.viewport(0, 0, width, height);
    gl.uniform1f(at.pixel, 3 / width);
    gl.uniform1f(at.time, time);
    gl.uniform1f(at.level, level);
    gl.uniform3f(at.tone, ...tone);
    gl.uniform4f(at.line, ...(line ?? ([0, 0, 0] as const)), line === null ? 0 : 1);
    for (const [name, value] of Object.entries(shape))
      gl.uniform1f(at[name as keyof OrbShape], value as number);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** Gives the context back at once: a page may hold only a few. */
  close(): void {
    this.#gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}

function linked(gl: WebGLRenderingContext): WebGLProgram | null {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertexShader],
    [gl.FRAGMENT_SHADER, fragmentShader],
  ] as const) {
    const shader = gl.createShader(kind);
    if (shader === null) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) === true ? program : null;
}
