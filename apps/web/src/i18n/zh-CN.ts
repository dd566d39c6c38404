import type { Texts } from './languages';
import {en} from './en';
export const zhCN: Texts = en;
