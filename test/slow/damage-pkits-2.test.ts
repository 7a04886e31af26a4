import { damageEveryFile } from './damage.js';

damageEveryFile('pkits', 1, 2);
