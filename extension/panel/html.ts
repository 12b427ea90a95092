/** What the document of the panel needs; URIs as the webview may load them. */
export interface PanelPage {
  cspSource: string;
  nonce: string;
  script: string;
  styles: readonly string[];
  codicons: string;
}

const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/**
 * The document of the panel. Nothing runs but the one script with the nonce; nothing is loaded from
 * outside the extension; no inline style, no eval, no connection.
 */
export function panelHtml({ cspSource, nonce, script, styles, codicons }: PanelPage): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  const links = styles.map((href) => `<link rel="stylesheet" href="${attribute(href)}">`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" nonce="${nonce}" content="${nonce}">
<link rel="stylesheet" href="${attribute(codicons)}" id="vscode-codicon-stylesheet" nonce="${nonce}">
${links.join('\n')}
<title>Hob</title>
</head>
<body>
<script type="module" nonce="${nonce}" src="${attribute(script)}"></script>
</body>
</html>`;
}
