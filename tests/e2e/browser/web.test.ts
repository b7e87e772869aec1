import { describeApp } from './flows.ts';

describeApp('web', []);
