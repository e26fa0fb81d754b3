import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root });
const read = (page: string): string => readFileSync(join(root, page), 'utf8');

/** As GitHub makes them of headings. */
function anchorsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** What of a citation such as `Assertion and Token request` begins with none of the headings; undefined when all of it does. */
function uncited(cited: string, headings: readonly string[]): string | undefined {
  const heading = headings.find((one) => cited.startsWith(one));
  if (heading === undefined) return cited;
  const rest = cited.slice(heading.length);
  return rest.startsWith(' and ') ? uncited(rest.slice(' and '.length), headings) : undefined;
}

describe('the documentation', () => {
  it('links to pages and headings that there are', () => {
    const broken = pages.flatMap((page) => {
      const text = read(page).replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '');
      const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
      return links
        .filter((link) => !/^[a-z]+:/.test(link))
        .filter((link) => {
          const [path = '', anchor] = link.split('#');
          const target = path === '' ? page : join(dirname(page), path);
          if (!existsSync(join(root, target))) return true;
          return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
        })
        .map((link) => `${page}: ${link}`);
    });
    expect(broken).to.deep.equal([]);
  });

  it('names commands that there are', () => {
    const unknown = pages.flatMap((page) =>
      [...read(page).matchAll(/\bsf jit ([a-z]+) ([a-z]+(?:-[a-z]+)*)\b/g)]
        .filter(([, topic, command]) => !existsSync(join(root, `src/commands/jit/${topic}/${command}.ts`)))
        .map(([command]) => `${page}: ${command}`),
    );
    expect(unknown).to.deep.equal([]);
  });

  it('is given by its full address in messages, since it is not in the package', () => {
    const { homepage, bugs } = JSON.parse(read('package.json')) as { homepage: string; bugs: { url: string } };
    const repository = homepage.replace(/#.*/, '');
    for (const file of globSync('messages/*.md', { cwd: root })) {
      const text = read(file);
      for (const [path] of text.matchAll(/(?<=\s)\S*\bdocs\/[\w./-]+\.md/g)) {
        expect(path, file).to.match(new RegExp(`^${repository}/blob/main/docs/`));
        expect(existsSync(join(root, path.slice(`${repository}/blob/main/`.length))), path).to.equal(true);
      }
      for (const [url] of text.matchAll(/https:\/\/github\.com\/\S+\/issues/g)) expect(url, file).to.equal(bugs.url);
    }
  });

  it('names files of the code that there are', () => {
    // DESIGN.md names those of src/ without it; the examples of CONTRIBUTING.md are made up
    const rooms = readdirSync(join(root, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    const path = new RegExp(`\`((?:src|test|scripts|messages|${rooms.join('|')})/[\\w./-]+\\.\\w+)\``, 'g');
    const missing = pages
      .filter((page) => page !== 'CONTRIBUTING.md')
      .flatMap((page) =>
        [...read(page).matchAll(path)]
          .filter(([, file = '']) => !existsSync(join(root, file)) && !existsSync(join(root, 'src', file)))
          .map(([, file]) => `${page}: ${file}`),
      );
    expect(missing).to.deep.equal([]);
  });

  it('is what comments and fixtures cite: no other notes, no page and no heading that is not there', () => {
    const citing = globSync(
      ['{src,test,scripts}/**/*.{ts,js,cjs,mjs,json}', '*.md', 'docs/**/*.md', '.github/**/*.yml'],
      {
        cwd: root,
      },
    ).filter((file) => file !== join('test', 'unit', 'docs.test.ts'));
    const headings = [...read('docs/salesforce.md').matchAll(/^#+ (.*)$/gm)]
      .map(([, heading = '']) => heading)
      .sort((one, other) => other.length - one.length);
    const dangling = citing.flatMap((file) => {
      // a comment may break a citation over two lines
      const text = read(file).replaceAll(/\n\s*(?:\*|\/\/) /g, ' ');
      const notes = [...text.matchAll(/§|salesforce-facts|model-codebases|user-needs|house\.md/g)].map(
        ([note]) => note,
      );
      const missing = [...text.matchAll(/(?<![\w/.-])docs\/[\w./-]+\.md\b/g)]
        .map(([page]) => page)
        .filter((page) => !existsSync(join(root, page)));
      const headless = [...text.matchAll(/docs\/salesforce\.md, (\w[^),;.:"'`]*)/g)]
        .map(([, cited = '']) => uncited(cited, headings))
        .filter((rest) => rest !== undefined);
      return [...notes, ...missing, ...headless].map((what) => `${file}: ${what}`);
    });
    expect(dangling).to.deep.equal([]);
  });
});
