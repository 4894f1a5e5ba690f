declare module "messages:all" {
  type Part = string | [string] | [string, Record<string, Part[]>];
  export const load: Record<string, () => Promise<{ default: Record<string, string | Part[]> }>>;
  export const locales: string[];
}
