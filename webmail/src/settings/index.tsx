/** The page at /settings; `rest` are the further parts of the address. */
export default function Page(_props: { rest: string[] }) {
  return <main class="page" />;
}
