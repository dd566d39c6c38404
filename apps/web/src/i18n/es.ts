import type { Texts } from './languages';
import {en} from './en';
export const es: Texts = en;
