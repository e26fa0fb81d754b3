import { readFile } from 'node:fs/promises';
import { expect } from 'chai';

type Story = Array<{ say?: string; sf: string; contains: string }>;
type Picture = {
  linesIn: (svg: string) => string[];
  linesOf: (output: string) => string[];
  svgOf: (lines: string[]) => string;
};

const at = (path: string): URL => new URL(`../../../${path}`, import.meta.url);
const load = async <T>(path: string): Promise<T> => (await import(at(path).href)) as T;

describe('the picture of the demo', () => {
  let svg = '';
  let shown: string[] = [];
  let picture: Picture;
  let story: Story;

  before(async () => {
    svg = await readFile(at('docs/demo.svg'), 'utf8');
    picture = await load<Picture>('scripts/demoPicture.js');
    ({ story } = await load<{ story: Story }>('scripts/demoStory.js'));
    shown = picture.linesIn(svg);
  });

  it('shows every command of the demo, in order, with the answer that the demo expects', () => {
    // a command that goes on in the next line is one command
    const text = shown.join('\n').replaceAll(/ \\\n\s*/g, ' ');
    const commands = [...text.matchAll(/^\$ sf (.*)$/gm)].map(([, command]) => command ?? '');
    expect(commands).to.have.lengthOf(story.length);
    const answers = text.split(/^\$ sf .*$/m).slice(1);
    for (const [index, { sf, contains }] of story.entries()) {
      const pattern = sf.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{\w+\}/g, '\\S+');
      expect(commands[index]).to.match(new RegExp(`^${pattern}$`));
      expect(answers[index]).to.contain(contains);
    }
    for (const { say } of story) {
      const [beginning = ''] = (say ?? '').split('{');
      const spoken = text.replaceAll('\n# ', ' ').replaceAll(/\s+/g, ' ');
      expect(spoken).to.contain(beginning.trim());
    }
    expect(shown.at(-1)).to.match(/^Done\./);
  });

  it('is of the lines of "Start on a laptop" in README.md, as they are written there, 80 columns wide', async () => {
    const readme = await readFile(at('README.md'), 'utf8');
    const [, block = ''] = /## Start on a laptop\n\n```\n(.*?)```/s.exec(readme) ?? [];
    const lines = block.trim().split('\n');
    const [install, ...others] = lines.map((line) => line.replace(/\s+#.*$/, ''));
    expect(install).to.equal('sf plugins install sf-plugin-jit');
    // the stand-in is no address that sf logs in to by itself
    const played = story.map(({ sf }) => `sf ${sf.replace(' --instance-url {productionUrl}', '')}`);
    expect(played.slice(0, others.length)).to.deep.equal(others);
    expect(shown.filter((line) => line.length > 80)).to.deep.equal([]);
  });

  it('is what the script makes of these lines, and has nothing in it that differs from run to run', () => {
    expect(picture.svgOf(picture.linesOf(shown.join('\n')))).to.equal(svg);
  });

  it('needs nothing from anywhere else', () => {
    expect(svg.replaceAll('http://www.w3.org/2000/svg', '')).not.to.match(/href|url\(|@import|<script|<image|http:/);
  });
});
