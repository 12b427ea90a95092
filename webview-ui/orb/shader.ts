/** Two triangles over the whole canvas. */
export const vertexShader = `
attribute vec2 corner;
varying vec2 at;
void main() {
  at = corner;
  gl_Position = vec4(corner, 0.0, 1.0);
}`;

/**
 * One picture of the orb. `at` runs from −1 to 1 over a canvas of 1.5 times the orb's width, so that glow
 * and rings have room; lengths below are halves of the orb's width. Colours are premultiplied.
 */
export const fragmentShader = `
precision highp float;
varying vec2 at;
uniform float pixel;        // one device pixel
uniform float time;         // seconds
uniform float level;        // 0..1
uniform vec3 tone;
uniform vec4 line;          // outline of high contrast, alpha 0: none
uniform float radius, square, body, glow, drift, wave, rings, ring, dashes, notch, bars, breath;

const float PI = 3.14159265;

float cover(float distance) { return clamp(0.5 - distance / pixel, 0.0, 1.0); }

vec4 over(vec4 top, vec4 below) { return top + below * (1.0 - top.a); }

float noise(vec2 p, float t) {
  return sin(p.x * 2.1 + t) * sin(p.y * 2.7 - t * 0.8)
       + 0.5 * sin(p.x * 4.3 - t * 1.4 + p.y * 1.9)
       + 0.25 * sin(length(p) * 9.0 - t * 2.0);
}

float box(vec2 p, vec2 half_size, float corner) {
  vec2 d = abs(p) - half_size + corner;
  return length(max(d, 0.0)) + min(max(d.x, d.y), 0.0) - corner;
}

void main() {
  vec2 p = at * 1.5;
  float far = length(p);
  float angle = atan(p.y, p.x);

  float breathing = 0.5 - 0.5 * cos(time * 2.0 * PI / 5.5);
  float r = radius * (1.0 + 0.05 * breath * (breathing - 0.5));
  float ripple = sin(angle * 3.0 + time * 2.3) + 0.6 * sin(angle * 5.0 - time * 3.1) + 0.4 * sin(angle * 8.0 + time * 4.7);
  r += wave * (0.20 * level + (0.015 + 0.055 * level) * ripple);
  r += rings * 0.08 * level;

  float circle = far - r;
  float rounded = box(p, vec2(r), 0.16);
  float edge = mix(circle, rounded, square);
  float inside = cover(edge);

  // A piece is missing: from one o'clock to three.
  float turn = mod(PI * 0.5 - angle, 2.0 * PI);
  float missing = notch * cover(-(turn - 0.35) * far) * cover((turn - 1.25) * far);
  inside *= 1.0 - missing;

  // Light from above left; it makes a ball of the disc.
  vec2 lamp = p - vec2(-0.33, 0.45) * r;
  float lit = clamp(length(lamp) / (r * 1.5), 0.0, 1.0);
  vec3 colour = mix(mix(tone, vec3(1.0), 0.62), tone, smoothstep(0.0, 0.5, lit));
  colour = mix(colour, tone * 0.5, smoothstep(0.45, 1.15, lit));
  if (line.a > 0.0) colour = tone;

  // Inner drift: two lights that wander.
  float swirl = noise(p * 1.6 + vec2(sin(time * 0.9), cos(time * 0.7)), time * 1.6);
  colour = mix(colour, vec3(0.42, 0.92, 1.0), drift * smoothstep(0.35, 1.3, swirl) * 0.85);
  colour = mix(colour, vec3(1.0), drift * smoothstep(0.3, 1.4, -swirl) * 0.75);

  vec4 picture = vec4(0.0);
  float halo = exp(-max(edge, 0.0) * (4.6 - 1.6 * level * wave)) * glow * (0.42 + 0.3 * level * wave + 0.22 * breath * breathing);
  halo *= 1.0 - smoothstep(1.2, 1.48, far);
  if (line.a == 0.0) picture = vec4(tone, 1.0) * halo;

  // Rings that go out with the voice.
  float outward = 0.0;
  for (int i = 0; i < 3; i++) {
    float phase = fract(time * 0.55 + float(i) / 3.0);
    float where = radius + 0.1 + phase * 0.62;
    float width = 0.035 * (1.0 - phase) + 0.012 + 0.03 * level * (1.0 - phase);
    outward += cover(abs(far - where) - width) * (1.0 - phase) * (0.35 + 0.65 * level);
  }
  picture = over(vec4(tone, 1.0) * min(outward, 1.0) * rings, picture);

  float alpha = inside * min(body, 1.0);
  picture = over(vec4(colour, 1.0) * alpha, picture);

  // The ring, whole or in pieces.
  float band = cover(abs(far - 0.95) - 0.035);
  float pieces = smoothstep(-0.12, 0.12, sin(angle * 9.0 + 0.6) + 0.25);
  band *= mix(1.0, pieces, dashes);
  picture = over(vec4(tone, 1.0) * band * ring, picture);

  // Two bars.
  float bar = min(box(p - vec2(-0.16, 0.0), vec2(0.07, 0.26), 0.03), box(p - vec2(0.16, 0.0), vec2(0.07, 0.26), 0.03));
  picture = over(vec4(1.0) * cover(bar) * bars, picture);

  // High contrast: a line around what is there.
  float rim = cover(abs(edge) - pixel) * (1.0 - missing) * step(0.01, body);
  picture = over(vec4(line.rgb, 1.0) * line.a * rim, picture);

  gl_FragColor = picture;
}`;
