/** The address of a page that a person may be sent to as it is shown, or why nobody is sent there. */
export function pageOf(address: string): { url: string } | { problem: string } {
  if (!URL.canParse(address)) return { problem: 'it names no page' };
  const { protocol, hostname, username, password, href } = new URL(address);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && isHere))
    return { problem: 'a page has to be https' };
  if (username !== '' || password !== '')
    return { problem: 'its address has a name or a password in it' };
  return { url: href };
}
