/**
 * Shapes of secrets in free text, after what their issuers and gitleaks publish (prefix, alphabet,
 * length). A pattern may keep what stands around the secret in the groups `before` and `after`.
 * Text of an agent is scanned with them, so none may take more than linear time: quantifiers are
 * bounded, and the long ones cannot start anew inside what they have already looked at.
 */
export interface SecretPattern {
  /** Stable: it is what stands in the text afterwards, as `[redacted:<name>]`. */
  readonly name: string;
  /** Global. */
  readonly pattern: RegExp;
}

export const secretPatterns: readonly SecretPattern[] = [
  {
    name: 'private_key',
    pattern:
      /-----BEGIN[A-Z ]{0,32}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----)){0,16384}(?:-----END[A-Z ]{0,32}PRIVATE KEY(?: BLOCK)?-----)?/g,
  },
  { name: 'aws_key_id', pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/g },
  { name: 'github_token', pattern: /\bgh[pousr]_[A-Za-z0-9]{36,255}/g },
  { name: 'github_token', pattern: /\bgithub_pat_[A-Za-z0-9_]{60,255}/g },
  {
    name: 'gitlab_token',
    pattern: /\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|imt|agent|oas)-[\w-]{20,300}/g,
  },
  { name: 'slack_token', pattern: /\bx(?:ox[abeoprs]|app)-[\w-]{20,300}/g },
  { name: 'slack_webhook', pattern: /hooks\.slack\.com\/(?:services|workflows)\/[\w/]{30,300}/g },
  { name: 'anthropic_key', pattern: /\bsk-ant-[\w-]{32,300}/g },
  { name: 'openai_key', pattern: /\bsk-(?:proj-|svcacct-|admin-|or-v1-)?[\w-]{32,300}/g },
  { name: 'google_key', pattern: /\bAIza[\w-]{35}/g },
  { name: 'google_oauth', pattern: /\b(?:ya29\.[\w-]{20,600}|GOCSPX-[\w-]{28})/g },
  { name: 'stripe_key', pattern: /\b(?:[rs]k_(?:live|test)|whsec)_[A-Za-z0-9]{20,255}/g },
  { name: 'npm_token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { name: 'pypi_token', pattern: /\bpypi-AgE[\w-]{50,600}/g },
  { name: 'huggingface_token', pattern: /\bhf_[A-Za-z]\w{30,100}/g },
  { name: 'sendgrid_key', pattern: /\bSG\.[\w-]{20,24}\.[\w-]{39,50}/g },
  { name: 'twilio_key', pattern: /\bSK[0-9a-f]{32}\b/g },
  { name: 'digitalocean_token', pattern: /\bdo[opr]_v1_[0-9a-f]{64}\b/g },
  { name: 'telegram_token', pattern: /\b\d{8,10}:AA[\w-]{33}\b/g },
  { name: 'discord_token', pattern: /\b[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,38}\b/g },
  { name: 'age_key', pattern: /AGE-SECRET-KEY-1[0-9A-Z]{58}/g },
  { name: 'vault_token', pattern: /\bhv[sbr]\.[\w-]{80,600}/g },
  { name: 'docker_token', pattern: /\bdckr_(?:pat|oat)_[\w-]{20,100}/g },
  { name: 'databricks_token', pattern: /\bdapi[0-9a-f]{32}\b/g },
  { name: 'shopify_token', pattern: /\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b/g },
  { name: 'linear_key', pattern: /\blin_(?:api|oauth)_[A-Za-z0-9]{32,100}/g },
  {
    name: 'azure_key',
    pattern: /(?<before>(?:AccountKey|SharedAccessKey)=)[A-Za-z0-9+/]{40,100}={0,2}/g,
  },
  { name: 'jwt', pattern: /(?<![\w-])eyJ[\w-]{10,4000}\.eyJ[\w-]{10,8000}\.[\w-]{20,2000}/g },
  { name: 'bearer', pattern: /(?<before>\bBearer[ \t]{1,8})[\w.~+/-]{20,4000}=*/gi },
  {
    name: 'basic_auth',
    pattern:
      /(?<before>\bAuthorization["']?[ \t]{0,8}[:=][ \t]{0,8}["']?Basic[ \t]{1,8})[A-Za-z0-9+/]{8,2000}=*/gi,
  },
  {
    name: 'url_password',
    pattern:
      /(?<before>\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"'<>]{0,128}:)(?!\$)[^\s@/"'<>]{6,256}(?<after>@)/gi,
  },
  // Anything written as `password = …`; it must hold a digit and not be a call, so that code is left alone.
  {
    name: 'assigned_secret',
    pattern:
      /(?<before>(?:pass(?:word|wd|phrase)|pwd|secret|token|(?:api|access|account|private|encryption|signing)[_-]?key|client[_-]?secret)["'\\]{0,3}[ \t]{0,8}[:=][ \t]{0,8}["'\\]{0,3})(?=[\w+/.~!@#%^&*-]{0,256}\d)[\w+/.~!@#%^&*-]{12,1024}={0,2}(?![\w(])/gi,
  },
  {
    name: 'assigned_secret',
    pattern:
      /(?<before>_(?:key|secret|token)["'\\]{0,3}[ \t]{0,8}[:=][ \t]{0,8}["'\\]{0,3})(?=[\w+/.-]{0,256}\d)[\w+/.-]{20,1024}={0,2}(?![\w(])/gi,
  },
  {
    name: 'flag_secret',
    pattern:
      /(?<before>(?<![\w-])--?[a-z0-9-]{0,40}(?:password|passwd|passphrase|secret|token|api-?key|access-?key)[ \t]{1,4}["']?)(?=[^\s"']{0,256}\d)[^\s"'$][^\s"']{7,1023}/gi,
  },
];

/** A command's argument whose next one is a secret, as in `--token VALUE`. */
export const secretFlag =
  /^--?[a-z0-9-]{0,40}(?:password|passwd|passphrase|secret|token|api-?key|access-?key)$/i;

/**
 * A text that none of these match holds no pattern: two passes (4 ms a MiB) instead of thirty. Two,
 * because ignoring case makes a search slow and few of them need it.
 */
export const secretHints: readonly RegExp[] = [
  /PRIVATE KEY|A(?:KI|SI|BI|CC)A[A-Z2-7]|gh[pousr]_|github_pat_|gl[a-z]{2,5}-[\w-]|xox[abeoprs]-|xapp-|slack\.com\/|sk-[\w-]{32}|AIza|ya29\.|GOCSPX-|[rs]k_(?:live|test)_|whsec_|npm_|pypi-|hf_|SG\.|SK[0-9a-f]{8}|do[opr]_v1_|:AA[\w-]{33}|[MNO][\w-]{23}|AGE-SECRET|hv[sbr]\.|dckr_|dapi[0-9a-f]|shp[acps][ats]_|lin_[ao]|AccountKey=|SharedAccessKey=|eyJ/,
  /bearer[ \t]|authorization|:\/\/[^\s:@/]{0,128}:|(?:pass(?:word|wd|phrase)|pwd|secret|token|key)["'\\]{0,3}[ \t]{0,8}[:=]|-(?:pass(?:word|wd|phrase)|secret|token|key) /i,
];

/** Names of fields whose value is a secret whatever it looks like. */
export const secretField =
  /^(?:[a-z0-9]+[_-])*(?:password|passwd|passphrase|secret|client_secret|api_?key|access_?key|private_?key|auth_?token|access_?token|refresh_?token|bearer|authorization|token)$/i;
