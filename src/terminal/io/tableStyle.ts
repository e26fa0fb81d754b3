import { styleText } from 'node:util';
import type { Border, TableStyle } from '../drawTable.js';
import { borders, overflows } from '../drawTable.js';

/**
 * How the user wants tables, by the variables that sf's own tables follow (sf-plugins-core, `Ux.table`; `@oclif/table`), and what the
 * terminal can show.
 *
 * @param columns how wide the terminal is; 0 where it is none
 */
export function tableStyle(variables: NodeJS.ProcessEnv = process.env, columns = process.stdout.columns): TableStyle {
  const { SF_TABLE_BORDER_STYLE: border, SF_TABLE_OVERFLOW: wanted, OCLIF_TABLE_COLUMN_OVERRIDE: width } = variables;
  const isStyled = !/^(true|1)$/i.test(variables.SF_NO_TABLE_STYLE ?? '');
  const known = isOneOf(Object.keys(borders) as Border[], border) ? border : 'vertical-with-outline';
  return {
    width: Number.parseInt(width ?? '', 10) || columns || undefined,
    border: isStyled ? known : 'none',
    overflow: isOneOf(overflows, wanted) ? wanted : 'wrap',
    plain: isCiJob(variables),
    emphasize: (heading) => (isStyled ? styleText(['bold', 'blue'], heading) : heading),
  };
}

function isCiJob(variables: NodeJS.ProcessEnv): boolean {
  const { CI, OCLIF_TABLE_SKIP_CI_CHECK: skip } = variables;
  if (skip && isTruthy(skip)) return false;
  return isTruthy(CI) && Object.keys(variables).some((name) => /^(CI|CONTINUOUS_INTEGRATION|CI_.*)$/.test(name));
}

function isTruthy(value: string | undefined): boolean {
  return value !== '0' && value !== 'false';
}

function isOneOf<T extends string>(values: readonly T[], value: string | undefined): value is T {
  return (values as ReadonlyArray<string | undefined>).includes(value);
}
