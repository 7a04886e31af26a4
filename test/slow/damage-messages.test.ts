import { corpusSets } from '../hostile/subjects.js';
import { damageEveryFile } from './damage.js';

for (const set of corpusSets) if (set !== 'pkits') damageEveryFile(set);
