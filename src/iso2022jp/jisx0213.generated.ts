// Made by tools/make-charset-tables.mjs; do not edit.
//
// Source: JIS X 0213:2004, read out of Python 3.11.7's codec "iso2022_jp_2004" (Python Software
// Foundation License Version 2, which is for the codec; what it knows are the facts of the standard).

/** The packed cells of plane 1 with characters up to U+FFFF. */
export const plane1: string =
  'Q>pXY!!z5b#z0Bz0W!(Q0z20!pX,}*)}*D}*=T&T(z1D!RZ!SsoU1oU0!!UlndV-{2OQKz64n_a{4${3e$=!%!{2&!z5:!z6=#Q-' +
  '#z7B!!!!!!!!!z5A{&:od:Q=Q1}&r{${{$v#{$q!R*Lh$&o{ToXn!T~{1rUF})4!})1&%(L})cozK$Qi($1$Q>$F$6$n#.n^[nV4' +
  '&!#nV1z55-6}*2pV|!!,!TdRXnVc%S/!-!RJ$RK!*!S@+V$!UB!odqobz#QI%S^!!R}!n.O!n*$!)!nS6SCRpVH*RIAP!R:Q7Q4P' +
  '7!Q^Q2#%QM!UJRkU{n(7&)n(P!oXBo|E)!)S0Qe$6$h_!&%QGQ9&!#n.&!z[[!!!!!!!!!zXqgTn?^z0+$zj_n$X{2O!!!!!!!!!' +
  '!!!!!!!!!!!!!!!!{(:U@Q@nnfnnaH{-Q!!!!!!!!!!!!!!!!!!!!!!!!!z3}nbZn<W!n(E!!!!!!!!!!!!!!!!!!!!!!!!!!!!!' +
  '!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!~)6!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!' +
  '!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!~)pJ.!!!!!!!!!!!!!!!!#!!!!!!okh+#(-(#+okX!!!!!!!!!!!!!!!' +
  '!#!!!!!!1oc7!!!!!!!!!VU!n=?n=T?!!!R`TNnI[!!!!!!!!!~!!!!!!!pM.!!!!!KJ!!!!!!!!!!!!!!!!!!!!!!!!!oY+!!!!' +
  '!!!!!!!!!!oYH!!!!!Q)Q*!!!!!!!!!!!!!!!!!!!!!!!!!pE~!!!nT,!Y#!!n$Ig_V;RBW-#4(0+0@3@0Qk#8(0+8@3@@QJ>1>0' +
  'Q8F9F4nN/!!!!!!!!!!!!!!R9!!!!!!!!!!!!!!~)nMN!!!n#Z6!!oS0!#oGb!oFs!QD!#####~"oTzo[q!%#%!!#!!%!(!!!!!!' +
  '!!!!!!!!!!!!!!!!!!!!!!!!!#!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!#!!!!!!!!QEQrRHQfR.QEQrRHQfR*Z^YB+Q+,&,J(&S(' +
  'ZbYF+Q+XEX<&,JX3X.&QDR<Q`QZ,8#;Q[(20L#?=R<Q`QZ,8#;#QW(20L#?XYZZH0@QA@R_H0@QA@V-Q$=*>Q@#6>QXQ+4*<M??F' +
  'QGAQNVTVpBX#XI$QPQUU0S[(QKQ<T{Qu$VQQ3QVQ+Q,%#?Q/Q&Q@QAQe)!QhQDQl$R0QjQ!I=~!RRoMC!~)!!oEeSo((!Q[oL+oL' +
  '#7%+>)7Q.!!!!~"Qj.:Q.%!Q#Q[K,R:Q~883Q!!/!B@!QeNotn!!!!!!!!!_q!!!!!!!!!e(!!!!!!!!!!!d"!!!!!!!!!!!!!!!' +
  '!!!!!!!!!!nRp!!!!!!!!!!!!!!!!!!!NE+0$~*nn%AhE!!!!!!!!!!!!!!!!!!!bZ!!!!!!!!!!nixQ_<QGQ_>Q<QWQ&,R,Q")0' +
  'Q/ARW!!C!Q[Q:nkq~(nj~d8#nY2nn[nnHngx!!!!S*!.WS$$~#nfm~$ASz~#k"W<p67~!oD{o:~.!ROR=Q)#(0R?Q#!:26#D84%x' +
  '!tw~oNQ3!84>.D-,R;QbQ=Q8Lwx[ww{)0FNJwvMwv:#oHqoJAQ=.H(8FoKeoL)#QY<4QUQ[wn3wn.(,*wmlwmD6*.JwlGwjy#Q$L' +
  '4JRUJQ=R3QV262<60Q+Qd>Q+4Q&<Q7*0w^nw^2Q3w]Kw[6,QK<QKCwY1wY!#!Q?*6%.L!Qr~!N<(!Qj.*Q1wQS~!wP{>!.J20!24' +
  'wO3wM>%wN+wMZ:JwLrwL_~!QC+,,,2Q7pI&pG@@Q-.DQ/>6Q^@Qz,4.,Q$2Q+~!R?8n6DfFn)Qltq@bq_!nJ7[tn8ap{znFNX!n6' +
  'Lo88cCn>Yn38oS&Z8o6?plLngLnV$c8n+TZNpF&nm;oByRMoOEq1@o=/nHjpHyc-iUe9YtpJ`ZApY}o1DQ;QxR5T5n*S^+StQK[j' +
  'lEQQRWk;arn0Cj|Q3jhf$Qva5cliW`&n"+Q;qFBkD@n8np0`n_po.(p<JnBCo!3oeEo#(n7ASwo81r6P][WdQ9[Wbhmrq3Op<{np' +
  '&i?nf7<QQX"qlXQ#n/^n|vnXUn_[n-9qj!r0tok8pF%p:$n9pntuo/DVPo#Ko:+o*3qcan(4o8dn.~o`KqQkn0>q`9n*Onsko!Kq' +
  'sJZ`n"zi/n*`U&VGhrTSQ^n-Q^|e)oOrn|on"Y[dn5&oycn1pVdom/q/Fp93_Wn2rpC0o":]Nn#AVbVM_$cYW-d|R+n6G^KXbSEQ' +
  '|S1XAnAAj;RK`vnAO[OnA=qpmnO[n*=n6Gon8n-WQ`n&KRMaMcQhjU|SSn1+nIIn:lntrQ0Y~qbVn_;o(tpgBnD7n"[o[vo6Dn<`' +
  'os#YSdvnMOnQ~nI)oNIr0mmSh]RdQ#R^QPc/Wh]1b=YvUlQGoP)nqqVOQ$eIX;f1d&n$dQSS5W`n-AQEQCR|S)Q,eCcnprsp}hcQ' +
  'Rfn+Enbiq!@nNYn!3na)aQnKzU1i/n$Qn=7^=Tbr7,R3q8[pjJXES9n&xUbQpRjQXXIQvTY^tp{1pt_^5l&b"lQW=n,&n!An"-nP' +
  '~V+n<oq8#Txn(jiwn,IX3iQn2UhdnAznIYe5]3n8dn,lpIXpC^no2pT8naQoTxnD)qS.gn_NnA[h$Zfe"+e"n0Gn!rYtnY|QbeOY' +
  'A[-kbUdU+q?NWdnL^pQ~!psko,CndsR=ZJpl3pF0oJNc+nAd_=n>pTvTrn~Ak`n&~q]<rHCr&_n|/VdpIQpU#o(Hp3tn<hnNfYrq' +
  'F%q|OpuXo?+V~n/Pp:_p]dnRcp"8V/]7n>5n;yTz>nC-n4._fZ-Y^8Qx_t.]QS1QzRK]7X|_"S=T+^)JV-a"S"R<n"[RfZKQAgMS' +
  '~S9ZEWdTQT7ZGW9n&?VWZtftf[WM&BTdXIWto)qpo4n%Wn5&VMo"/`/Ubo=FonbnNQn;QWjQx(r-_:it]STvY5WdZ9TSTvXfRzWf' +
  'hMcnX66WCYj1YGnI>nQ&R9Rbn7YfSoOsoSpb1oLBp65SK_~TdWtR7n;pV~W$r@T[SS?n53[ln*&R7^zn(Un.^apf-n(~n3j`lTEp' +
  '*mo]5ntrqj_/Ybnn?[bo])nl:ncHq$Mr8on2~oz~n!Mn;QqaHQKS=R)khRrn.~dCVIn!9[1mGQQRxeGe3n)CQbRI[~Q,Rfo,:nJj' +
  'oSyn4~YWln<QdnBpo0=fpevmtor_n@dof$r@@%!U`*W+S$p5Kp4VSCX)QZRQRnZ7a;ij^MFUKQ3Q+`M]rl~_1n%tQGmAn7h:V+cb' +
  'nFCabhEWzV+r94ahn>rn>zafnNon@~_Kn=UnC{nvpp@u];itn*ppv=pJin#&Q$n7Cn!|QjY-_ClxVKk[UAZjk$[YqHqqL[qmcZhe' +
  '|T6oYGT[iSnB[nG&nC3#4r(2n]Ooyrp]How5p7@nDdprEn(5r(!oH|p%jpxe5n.1o)[nSap<+n2Jnykn8<oxAo:@nx.o$po#Zp=C' +
  'qX@Vxpb=i~n?VnYp]$qG_pv1nZRp4JUzWpT{h&ZjoIGoGFZAn&7Q5UdV&AQv[lSIW-V+Z[n$pn.7lG`fR7R/TAVfedQje"cKRKV+' +
  'eKn83n"po>snN=nHnr-sn]9^jnD"p$`pOHo-@o=;W~aAnCEaEnBAZ|omso/LWOIQpVSTUQGc^X=Un`xhf`YQ~UxS7n#~V?n3nQOS' +
  '=lfRKmQn):n:|n6vY-ZG[9Y3bUb;ZlZ1ixrC2^YHnAMT3nXdS"m$S-n9&m$n0lUvnDUr%8Z/ftSj_Aa;Y7_`TQS1bSbK^vn*OjEn' +
  '<~nGjn2JQrbO^^h|d;iKjrYQn*YrUN&S/i"V&9n%Sn"?JU~n21[&n;~hWnk;,U&n&GqhLrD?rBoU1QWRj)W/Q7W/Q$Q|SrR&QM)X' +
  'dZER7ZlZd2QU^M#@S;6NQ+RWW=UvW`QtT|Y9TlQtT?S+TES$W1_nTtQpTjRrn*+Wt["Z[`+Q;FQ~R;^jGT5#T"QhSpVvm1J`^X|R' +
  'If^T3Uzo;<o>;`9T/Z$Y9WG^hr64R5WbBl3n=rnM?oH=axnZvrDHUb[x`Oondo*`nGhXQp?ui%nltnJBn{mU;q31p+!oJ3otipEl' +
  'r-!n2nR~W~YIn&1X+i=5]dS)n!nn19n.[n!Io3^r@*TGjCWCn4;S&0n=Gk1n11e;nlAn9)nA.pb>n.?jYnm85UCn}pnkseGX&[Cf' +
  '3aUWrk-cA_p_/ocfoWVn#SBWWnu*o,~n*Yldn(In/Yqn.k~n`Eo/YnO"q9Jn#EqOUqJ4nfno*EpBHn3~meo_tozWrK#aj^"n]p[-' +
  'UYUCnmhU$ZMo#3p;opl&o_,p,mY2T7n;5n,xZ$Qb^/jlo9lnezo^!oyvq,0pW)n5Wow}nawo0__dc)n5lj?erU"b)n:OZ~W|n)Ea' +
  'dn2GlvWzk/n/fplPV"lYoI<$RbQ|``Z1/[;Ur[zUA&Q^WlU|Y|QCYjQ~ab]Mn<2n>x<QGY|fKQ"Sbn-Yn%zS)cCQ3DdhRUUdn/|T' +
  'n6)Q=RYZhJn<j]^pK!oJ<T?R7Z;n=;T"n!~Z&cWlWer[}n#/_CVSahS+n+IQ?Z"`=nBvon}pehqRTpCxni`ohknufpl_q;rr+8n%' +
  'MgrW=YAU7ldnS1SGn*ro*Ip`op3hn8<p?4o,=o=pp!<p1/n-HgEp[2n?Kn.Yp71p*ynG9n0zftajnC5exYYn;6n<OqXcaCn8znC7' +
  'n8KZ&oVOS1X3na(p&>dWZEnnmn#`n0=n++lfi`n.OUpn(Un-hnIMe|n3Mr)(`tS`n/`n/Gn*dnrdo6IqVPbLSnn-KSnYlnS(neO[' +
  'Sn>9nKA6dhV;Xx]3QU_&f-V~]9aUTSV)VYQ3n"9n!8qfXSW[E[QnJ$_;n$Yj+ZIn"5nACnspTIqNBn!l`5nk$nEfl;Y:osNo5?oY' +
  'Zp|xn/pqVPnNtn8Mnh"cCn-`o.Gr&JnRjn(=e"]1^vT"Tzn/jn&AoW.pgzVIn)[qxiQ`n`;iOR$n-pn[0oVYYQo1eoTGR$m?q*sW' +
  ')n#^mvV&Thpgpdzqv:RfZ1QxQ?T&UzRQMUMcxRAS5X`R72#2^v,RASYbO*RCT?M_f*Q3R&V5VnXhL_STvS;R3aUOQtinW=X$T$R^' +
  'SOUbQSY=S^d3cUTGTYbYSfV~Q+PQ/[5S3l$TbVUSn_MUzr.q&LQdcUU3n"ARbSj^Mb^_`h|^h9n%Mn"j`dlzn>|n*vn(EX=qDZZ;' +
  'q[Ip{Fn&U_Wn(hnJO]C[On.znXlnh,n3~plunMwT/QLn")mpZ/8fvY&Zx_GSp`/T7f|S+n-rSEX9]|SIcpkUTvb&gfSYj3UbShYh' +
  'n!5r&s.cYn)AS&bpo4xo3soxhn6)n$Cn*=V9oFun]^nO&n*Pq6ccoqAlq>achn*Gn#/n5$iYn+Sn!5d"n5-n0~VIZ-0dhohkp"1q' +
  'I*RYn2/]bo~)n8`plcfxZUo=vnwUW{nR(o7<nByn4qnRioh1n!CnY}nx.RzT5n,+n$)T)[+c3Q[T3R?_AU<cp`-j+`CZ-n%7eMp(' +
  'ipXtS=Vh=Qbn")XWn$M.pcenx`n,9o!;q,8`GWEe3RtXfna`^U[Y[;a$nF5TMS3S5o!@p#Pnd)TvStYip)hn]aWCnXQnIYo70j~n' +
  '![q+X_"[OQ+n3KRSHZCi?Q3^td?Q3j|S1QPn!mn/G[=QOnFXnybW$]WRvX)ZYS|Q-dSl)^bVt_K$]jQ,arn&lr-scCo8Q[UoZPp,' +
  'dl9d5lgp"m[di[n,Mc~$^[n:?`U$dzR$SK`YSKQ9n67hdnHGn%(nWSrHoY-WxLfwn#lc^RWo45o&mU3n9.nR-@^tQ?Q}S1VIV^VE' +
  'n8(nGjQQmna-oo<p(YVCeS^9UbQZ`ta^>VMR5WG`~kK_hRnc)e&azr-6n0jn7Co^&d=n1"bbqWcT?Z[V~nMfaAh5n+?oXx^zqW8n' +
  'K3pZzp%Jo-tp8mpvvq#<nl?n4BFSxn2&c^p1tq_0n>Y@nqfoOhpusa;Y1n.&X3n"bo<bo3ypGKe$R^r5{n5tgUos5ooBXjWvSpV|' +
  'USl/n%S[5nj=T?Wtn$;hdcfQMn(rn3hb4rAqmWn!Ooglo%"n+"n$&pSaW^oIy[;n(;n+KQ~Q[n<&cphpo"`n=pouJoA&n0ip`{pu' +
  'lpj]$k>q[QT(p|Tp*ponHoJKnzGp${oo;o6!p3Epe!o_&qB!m|`EX-nDhU;^)n"U_lS-^En-nb5TS[|_ISKn%|fUn6=qB#Z~n)Kn' +
  ');USg9W3n:En~Mq7op*do`Rn1SW^n&?n%=n:jhUn"-_Qn!)n8Sn9zoO}n):n#dREn:&nDAo#kT/n5Up-{oGCp2*ThnKti;aGdxY|' +
  'm+o7K[rZ=n,pY[n+`pW*n&3b9n^&XMn3vqN@c`SCfAn)1]?Q+R1S`Q3Q^R&]zVde?S/n3haUa^[Yn8nThQpn%nchQ+`;RrkCaG_[' +
  'l`r2#nbbns[n^on"ln-xo4En+|`tp3Dnxkna~TYp!"eWoO%o;Sq&in]YiLn(Go>4o[&n.<p+Kn@Fn.yn~np7cn&xo/4Y+]hogbnB' +
  'ioQ0qI`nG7rM>S|VAQ"ZQq67q+#fzdf_KS)PR)QAXG]OSCSflWe?nIlV3S3fli|n0OUId5ZST&S"T3nN~pe_n5*SMS`n:?n/Uk"n' +
  '}$dIoxwo8}nAKlpp:tSz^OqZ,n,/TYc-^$n[-nbfn:*o,z]In:3p*(oeToHngIn#&ofSqv:`nhSQ5Wt`Qc9n%|Z?n+/n3znO~n7r' +
  'c"US^Ao@]Jo{TnH1n/F^Kn*=n_TWYR9Q3QWbQc^(V"]zX/Sdc7ZhYAc^U$S+Q7nS5n7VShU,a5W|nm6o%le[ZY6&XvSpp>6pepV1' +
  'S/h^UnWMZG[A8gz^[Z"[`iaqrg[jW7gQg~n#[a|n4jn@Cc9n&3bQnI|]bpy%qVOr0,nJ1Q)nRtlSln^Y]Gn_yn,~o-`okH^^o1Bp' +
  '/&nfknMDqYEo:Jp&Dpx=oc*o88n%`i^k3n-9oZMg3n0~qkXnm5p>=q-Jq$SqPicHeWpn+n"po>0nM,pWWp6gpZEoCXn5*ohHo#+o' +
  '{/n2)p:0oOJnQ^a5p^?qDJq33nIqn%Qp)4n+ro+}arn2[`dq=[r+Nn@7n(?p;Eo=yn<&R4oMVp/)nf]XenqVXpe)VdnNdnAhpOBn' +
  'cSncFn:dW@n=;nYQnOIgEQ^SQnS+n&Nawp/yj~]CowUoh(n"[RMn,9gboP(oyGcEo)Kr/knWvh=TGZ?]-nZjjBnV1GnUl]Eq]]n1' +
  'U_xnS+U^n1`YCo8^pnZpoMn:Un(_n5DnQ6[VnIbpu@cAUln[KmAm3n;KmlV&n#lcrn?Cp1}n3KaYnHdn#Io#Eldr@.p5UcVcbl7n' +
  '!cna]nK6oh[nD!>orZq["oqyn1Yo@Cn9Cr;]pZboIyo2xo<$n-vqzNZtpPOn^^r"XanVrS?<n>&n&bX7[5kt@n%fRdWEX;n7/g;f' +
  ';n+$ndRo"zo^Zp#[U;py@c-nX|Xb[1nJhYhpnXQ?U+n"?mEUlW5Y?QQQUaWn(AUrn6~UzZ|WWgKYjW$n2-[v[^fIn+dXhpR#nk[p' +
  '@:nF;dYn1/iOn4"a5n4toYhq%%nl?p$moiMozQq<koht^Id.od0SKn~hn%9n{-p+2nV,T=oj7n*(nyUq;%n[On@x]9a"n%1j^nXz' +
  '[3]EpK<lznjIh"n7`na;QanU<^Cn|fr!}n@pn&Un0z`[oHMQInDzpiun]Wp%%Ttn7fW`W?X9n=ynJ7SlXb^bb3QQTln,Il)n75n&' +
  'jR)V"n67WQQ~SUn5^QAq{@n{;n*xo&v^&V7nEIptwnOYpTtnvmU;p|Xd9nO)X8n6AnmMn1Qn/QS7oBwnX8cQn?;oO{opYp2Sr.m]' +
  'h]p]|n77TrnW-o-8ompR?Qlo97paNo>ppf:X$[Yn+;n&[@Shn6$o8(q#&na1U$o9aoBnq}in0foN+^Cp"mo{1nP1n:Zp>!n6$o5z' +
  'n:A]?ni^Q$S+qXibEn.QlIq,rr$0pe~nd+q>snJ$n2In;jnt&n()nzDp(cn$5n65TGk=m|na~n0-pn]QJbKWKg;VU^IWp$QfXGh?' +
  'TIZdS/Wnn$b8h9n-`n%d`OZ`W|UA])[zVU]=if]Un&lgQS+rMkR9[1ZGm$^^j|YG!^nj;RdTGV)o*up?te/U~n9MY)QWn$Kf)qb4' +
  'qm1qr{^(_Sn!znHM_InClm;aMo,zqPso9IV_ns0n(Qm0nRQo3SpN(owlnlcnxSoj$dGq}<[5nJ^XShro(wnz~nEXonlo:Bpp?pn(' +
  'pqbpo_o8ZWCg/nX[j5n#)omlqV2pQ^o^ArVenr3nNMT3o"Ep],nn[ppKqFioNEoURUPp>^o3]o%pnA:n,1p({ol~nb8nC"otFn(K' +
  'o/"WEn"~oW^n(-pqinVLRgn4R^rRvnh7nd&o5-`+n?-qgXo1SePoMPo,1n{-QKo71n.Aq5en#|o3xp4HZlnb5n-nfpn+$^ljUplV' +
  'o"bq&Gp+_n]#nw{qx1qD>n&Co;[n`Yq$cnDxoG/o1WqdVk<d&n.^o59nS=nhEphJo3/otunH"oMtn5^j`ibn6CpU6oNxnV|pky$n' +
  'FSn:tny/iCq4Nn%0ZhYKV-n11a=]CUE^Ic;U"n)xU:n#~![MhGn[pZ;n$1R"R^n$lnZ2pP,n@6U"WcqB&kbn6Sr!knR?li]Cb/n!' +
  '$Q1Tl]3^~SUc;YhaIeEn#7lOS$i?S9kfYQa`^Wn&E_`q%]VKn5OWlUdnlUQQnk}niCn3/WEoeBoFznxlWVp6Lna$n+^nNlqg6mEn' +
  '<?nQflho"9RUdnq%@[$n3rnB3W~nDfS3X+nolDn7+mjRmq"2nubn-vn:Go`DniColPo>1X"n"`WjbUhWo9voCLov`rQoni)i[o_p' +
  'q(8QA]U`_etn=rn;;a^n!Wn"KbxXC_"a"n#9n4/n#~WpkAYWqu6p=zpKTdSnuhn&~gp^hnQhnO9n/&n$5^1p8ZoF!n}9n]5o@hr.' +
  'HR9R?]UUvnBt^fnsMn#=n:pn[&jWQpHn/OTtq-8l5o6_SQoQ7o.vp7*XrWSnQ"]InBKY~_;jOnCpbCqO]q~Wp]#n$9oFSW"n9"qo' +
  'an/OjdQfn2G^lPfnY[c|Snn77h1S3n+?n:GqR6rBnoxgn,Wnn;n4#q7{ilpzGoV2od)nFoo]in+Cp|jrO*$rDYnhckLRJoGXn#$n' +
  '=`n6-~!o~HJQ?LQ|HQ=8*0ov<owKw7x!~!w7LJ@(.@B*#Q5~!oxmoy?Q$w2fw2*!85Q7HQ/(%BFn;BnB=ne#*J.*,%%H#QE%qIzq' +
  'Ispm9omFnb>@!!#<%%P$5#+J.>?PDR7QHQG#/CQOD.2Q.G.Q3Q8N@XrWT6E4%727H!Q[<KL-Q4UVU5QG0%QPAQ59Ql(o&~o&e-3D' +
  '+L80Q$MQO&N!Q!>H0.0766+H3!H$$,.Q")*$(!D/0<p4vp4k!(D#n"1n!}),###!<#+.!!0&!&*00(D*prGpr8(%*2,.2/Q"%(*,' +
  'L9.!D7L4948&@.&Q6N2qEK$qDs!>1884.*%qx3qxBF#%!:#ohfoh_%$,*28##*0,$n!@n!E(X_X~6*n#~n#g+6H4,$2#,:p-lo>O' +
  'qg8nppnBEoPL/*:.Qj%K!>?0=;QSQtQ(Q"QRD,1Q5Q!*7<87QtQ>LI.P(Q4%NQ0Q$&Q):!QC*Q!A$:Q#RC.Q7Q!Q0QMQ!B!Q2-QE' +
  'QjQ%U%U7JQ<%Q$,@QX.Q=Q8Q3QUMQ$Q*P0CQrQ.Q/Q#$Q-Q8R?#oBpoCN#+,QW1Q_Ql&Q)/4L;-L20&</*#)0,%#(N6.$**$%#,*' +
  '&WkWt4B!LI*>Q$RCQeQBQ-44:FA,,F%<&!Q`Q]:QA<(R?R:QtQ!Q;nqznr]MQj8QYQ(8>Q9Q:)7N<&,#$:50-@6$#!!*0,6n[|n[' +
  'k.!*,,oeAods-&8&4&.*)>2Q)n>RR/n<z>HQ5;R6R-!R+/?6IBQ=QIQ:K!QI0QQQ5#:5-Q=;>%IQ9!B$6Q)R]RI80*#-B(*!4(.%' +
  '#%n=Mn=L,%Q7D6(#6+H#++.,*,)D#!*,:#,@!0*0*)$U@Ux#nSanSn%F*%b%bQ@-,-<12D@H)=SxT#Q34#Q|Qo+7%<3$$QY,+)Q3' +
  '.%B)&Q1->#>QNQ?*:(,$(*@.%L>$34Q&!:$)<2)6%#Q.QM!(qW)qW!Q3Q3!,0$.:/)!.$.!%*#)((,*,R=$R:,*F(62.(#Q2Q5*!' +
  '#08,(8$)6&27N-$00*>Q$Q;Q!H1KU-THQ5QpR%5Q"Q*Q7O/L-Q!QGQ1Q%QC:Q#M+.LQ4Q3Q8QE$GQA8RIRaNON-!-JQ,RAQFQA=Q' +
  '2TiTx2EQ7S"QeAC!2;,2Q-Q@7Q)!Qd5O$Q79)C02*#QO(Q2!!B2-78G&7Q5Q9)AQ;Q#,C.Q$%Q-&$QMQR-%;BoN^oN]Q")F(/6&$' +
  '##0!($0.%%2(##!<:@*3*0H,.9H!%QnR:BQx/OHQQQg[v[uHC&3*QLQMQxQ0%Q^Q>,Q%,RKG>T|T{R"3?QGQ_QKK/LLR,&R?QGQF' +
  ',Q+Q(2Q9QXR9Q-QP:F@UOV4BQ%RE0.QDU9Sg&D(Q6QYQ-3=#;Q+OQO7oKYoKk!]k]l8QlQa&&0,)Q&(Q!Q/$02!#$#n_xn_Z<$36' +
  ',$J,4!o~+o}Z(888%-%0,2&.!@XpX@13X^WH!&Q#QW9*3Q+$.%!5%<F*,--H*Q93@9&0;Q-(,T!T+%.*#P.00!pX|pXqB565$>P#' +
  '14!Q;Q%QdQNGQ5$Q&-Q,QUQbQkQbQgQ^QVQI/$*8Q_J3Q3`S_DQAQ.N:Q*Q)R`SLQM4H0Q1CQ-Q%2&Q#]S[FR!QtMQ$R?S@AS?Qc' +
  'QnQTR)(R!QGQs.FGRWQ<?QN8QvQLQ%>Qd#C2&RNTC&Q*Q)=Q!QECQ_QhQcQ)QFQS)$Q9Q!R$+Q5E#DM@nRqnRfFQ80Q,SGSw>+1Q' +
  '/QE4Q$Q"Q,V;VJ19Q-R@RpQVQ?QFQ/0T;SyCQSQeRbQmQvQVQ&5:Q0CORr)FQ,Q-!;oBQoAi0$7-1QU=<Q_QQ@B4o@+o@DP(pY3p' +
  'Y#Q"$nF;nF:pKppKV+,.2-.(#N!,!($46)2,,!(%$#(*4*08:$0+pi7phe6!.2$Qh5:0P6:Q%Q$Q.O6Q/&QYQKQ0OQ$GPQR%:+Q3' +
  'HOBQ[o@fo@:9D-Q2Q)&Q6/RCQQQR7Q/Q4Q[.^?^cR~Q)9RBDQ/QP<Q=?GQ)O=Q[Q66AJ(QpQtQuMRGIQ6Q*R$QuR+QFQPQ95HQHU' +
  '7UHQ&R)QAGQSGQ)O?JGQ5!R#LQ+Q:S~QTW?X08,QtR2QpQyQxReRzQJQ,SW;&2$EKSjSHJ/Q<Q^%QSRPR/C&%J:Q,Q[7NQ#(Q")I' +
  'QM#ENC<EQ+$T,T/-.B<;Q/DQ^1Q+QvR!8--QSKD+QQ;Q/)R-CQWQ8+O4LQ7RnS*BF(QGQ0*H56/D8-<.),<%6:*$(#2!%!,*:Q)4' +
  '($,6(8*D1B%&4(@&!P&oliomI=D/.N-/+Q"@!p?hp?ZF&00),$R1MQ&I*Q;2CTfSwRjR,QNQf0Q&OQ1/Q#Q&:.=.80:F2Q7**UJU' +
  '`%(#*(&!.$:$#.#$0&60,@02)$DMH>-%(#6&@!IL$1D,%0&Q/A@?0-(9Q))0.4-Q1!)*E43!P#+L01!!#@+68!&L+2!,!!)*(#(#' +
  '((%*%%0),!L((!!062+8%(#%nZKnZ,:$)Q;-/.!9Q)!>F<%C4Q$$-J),>&D,%,)!&8,4%#.6<@,VMV4V9UNR&Q(D7Q-?ND9*Q59*' +
  '2O&2*Q5-=Q75F6$0F$JQ150--&Q?*6F4o{zo{w(*,!>8D*9#Q;*6!.$S{T?4%18H?P!.oyQoyF2(6>&%&FQ/Q#,>$-o!Yo!L%%#,' +
  '&,!%(!(.%D:-+QKQ*!*N=<Q$QES(R&QyQt1QQC>=2!-#QO-.G>&A.)QXQjQU76%Q*DN8QA%QP$S/RX.8Q4(Q17Q!QK(%9P;D>5B-' +
  'A@0.*?>.2<:H2927.6$$)6(%*)L/4,oRCoR,%##(8+Q$19Qh,Q.(:7BQKQ.3Q97,Q2HQQ7QPQYGQ-Q/;9DD7GS^Ss:QKQ<Q%BQA*' +
  './Q+5EQ9*Q"&AQ/GO#NQ9Q1QJ/(4;-0QK710-!Q/A$F$0T<T-nf/nf.2!%,&%!#3:!Sr#6.!!#!($(.!0!&B4()*$*04$)28%.90' +
  '#nFdnFL!(6$:*%4,o3|o3e&..,!%*.N+>+8,#*%,6$&,%(#*#$L3.FpScpS^QO4;(Q%L+QWQ(#QE</8Q)n|fn|s3J&RBS")5!<>*' +
  '#7#Q-9>$Q}QYL.*2/*%#3>((0$CD*!.F!%%!%#%%%,F#:-:Q"$*)**&,#!QoQx,!,>*Q";Q)AQ[#+=Q5$.SlS]3&Q*QAQHQKQTRM' +
  '$Q0Q)$>1N9O+K!RpJ@9%;S!Rl1%?QdQy#QGQ!Q/R-Q/QDQ.QO,QJQWR,Q^@QBDQ&J&R_S/TzV>RzQ{DVbU0=;QvQsHQ%Q:Q(Qx4Q' +
  '}SdRiRC,Q4Qf;GQ/7A*@Q_S9Q89Q7!H=7$Q#QzQ79C1T`TN4QGQ9Q,21Q-QkQ?.R3R_JQ>.DQdAJON*005Q+B23=+8Q)3L><q(}q' +
  ')+604Q5@,!Q2!QE1J#OQ"W~XaQC46%=+HQ7;#3%3L3(KBQE63(O(AQ~$Q"QL#Q=Q.B,M/@.SpR_)Q.QKQ)?%@nY)nYwQ"EH$9QY%' +
  'GQO&A3!NQmQp*$:$@*%GH2&@.*(2L)Q1QF0QbQ{@J-Q)M2MN8>?D!@(!(Q)2/3;4D0&2QQQ>.*!L%5-#HQRQx&0&2)**%.**#2*2' +
  '0),%%0%#!Q$#!4:(6F/+>#0B6Q$5;#QYA$7Q7)#Q91CH!;2Q329PB0;):Q7Q]#JQ%)QS-FQgQ[/.2FnJrnK2*FOQ"6%$-:*$B;:%' +
  '*2%8#(!%%!Sz.&2(##*:48#0.+*%!,Q#Q)p9wp:A)F9!-0D1Q7$5Q7)!2!*)0&%nk~nk{R#R"#R7,(#<PQC++J6+7>CQ/!;(Q"8!' +
  '7Q-!?>Q7=-(L)#%(3B6+QaQd?Q3+4*,&$.$2&%*B56(LM:.%%@0Q"$CF8-@)./2%+AQ$:0&8)+<))02*,!!Qb%(4#0Q76)0*SjSc' +
  'B;!N(8KB39Q)>$(QwRC!!!Q}Qh9P#,4..n&zn((@-($4$,Q".#(QK#pPupP`Q?@.Q"&Q$8#6#(4$Q"&1Q12(-6$,,!0#*,2#/Q31' +
  '!QAQ2JPQ!+R/1G(Q&Q,R/RD8*R-/)0QwS"O&QUQ=MR)OM232N-,Q3(Q)?Q#RI+!Q%Q;Q+!B)=MQ$=3Q)Q^/$C(2Q=94KQ".B?N*#' +
  '+8^%^/*#,Q:Q5#%&V+*%4##!.0$,>$&*8o}#o|p4$2$#,*()Qp.,!F4%+QIQ*#$#.8/Q36)#F)4!&(##!J)&(nP]nPxQSQeQ96##' +
  '6-%&.%6,,2(!,##/.F((##qp4qp7,085*18*(!88&)@!>%#%BBn.Un.NoK>oKC$Q$)QIK)L,22+Q1(!!%$Q`*#*<$%Q7#P,2#(2+' +
  '!,+8#>!(.+6-,!/2Qv!:0!<Q7+#-1Q)!%!2)2<7Q:Q`D8<)&%-N3<+0%%$*#$Qx%8(>##!4!%!%2+%,),(6D#*%!##!!!(!%D$8&' +
  '!%.Q)Q/C<*!0!0884E:2#!B$#C:RGR($$Q;$941/#43/QEI4$)>NMH3Q),.>#Rt*(Q"$Q.P%Q9+SKST+Q;QR)QO&$0#J!,I$2Q"N' +
  '&Q9Qm6Q14*2D)/)#82=N/Q;G.#<Q+!%RC(((.%!,%+80(>?%n.,n.h#!!(0#$%*%.*#!##!!4!p-sp.-86D80#>+!!*!*&:-(Q/.' +
  '(r"*nhEp#-oE*ojaoZ+oA<n/SQU(Qr,RUw#nw#VQM.#*L,B#.%*>(8%L8F60,#DJ%0Q9.(Q&#Dw!=v}L!QK2!0Q&Q9>*.vz+vx:v' +
  'x9vw:)vw?vu(Q)*F(JLQpDQ=<<Q34Q5NRh00Q&(<RCQD>:RWC!*,,Q?(Q?.vd5vbuQ^vadv_X282Q)Q##.*!#TnTF(~!:!.(<(!J' +
  'v[Qv[.D26#p@Hp@l:DQ"vRMvQmQWQ2!QW,D*%Q1QnQgNQ;*R7Q_>*QEN%vPxvO{#:L0P*%!6<Qp~!K:J8!(PvJ)vI>0Q5pN%:pN/' +
  '.!6!Q",~!Q=%.6,*@0~!L62!.Qp%pR4y-Yv;m%<2B@4*#@6Q?(v:Gv9c.!QA,6Q7Q=%R1Qa#>!D(RSQ_<86%~!L4Q1%0,Q":v5Mv' +
  '4s*#6L#F*D(!#Q/v25v1#@P#R/,@,.Qv4v,"v+c*(Q-0*%!Q)4(!.8.>,6%QO5*@!Q5Q5F!CLB@Q/.8Q+(8QGQ)=#<#L!4u|du|e' +
  '4(0u{+uzP#6QO14Qf#JQr!ppFpqU<Q7#Qh~!QI!uqEupTLLQ"4!#(*Q-,.%4,Q-%@!um7um###!!#!!H#!(862#Q"!#>(%(IL#!8' +
  '42!BQ;#LPQr4Q"p{ep|~LQ)#,:!%*>0<0Q"!0##@Q$#!0(8>.#,D66<>Q&#@.!<%%P,HLQ^R/~!L6!#N,uT3uRk~!)Q`<<5Q;D%%' +
  'uOv!uOX!uOU!!uO0uO/Qe!uMBuNS!QeuLcQ".@#~!44:#LuKWuJJQ9@uI=uHmQ&~!F0FQ+DJQ&<8.D:#%QIuBbuAN#QAQQI#F%q3' +
  '<~!q4"H8L*8Q)Q"((QE!64,<@.62Q-20J,Q)44:u6)u4ZQ42(u5$u3}6>QC%TQu.Gu,o,QA>:(:#8u*Su*!D>#*SU:2FQ;QUL.!*' +
  'R1>*0t}3xcV0qJ[H~!Q$F#!**2.!.>QA!#!RWQu6:2(4(QA28,>#L!.0#@2N*(tq"tocNB%DQ"B*,,#~!RvK*8QE6th+tfTQZD%F' +
  '<Q&%Q/Q;I*!6~!0B>Q/(t]`t]TqY{qZ/2Q7Q1Qv#!<RbL!Q9!0q`_qaALQ$(,(6S+DQ1(~!Q?Q?tSntSy!!:2#..R=tQ7tOsBBQ)' +
  '%:J@.>(H(QMQC>J#tH1Qr!tGs<*@QYT5Q/tAUt>{F(,t>?t=w2SbQ/%,R&%Q$QW6~!Q|qziq{~Q9>2Q-~!R9>QO(,Q$Q;t,^t*c:' +
  '###.B6,!#@,!B*t%vt%8!!8!(0#%26FQAQ&<*6Q&Q9Q!!0(L2QA!!#(%8QC@Qf2!.:Q/*Q&#(Q7!!Q$!*,QG0N8P!Q;1Q^NQ"0,!' +
  'V^B.%%4.<*%r=6r=A(S-QIscAsbo.!QK8sdIsd6,Qz0D!!6H*Q5Q"8.0J)Q"s^Gs]{H:*s]-s[H!%!#!sWrsW_.R1<Q/RxQ~R^!Q' +
  '32!4D((R^6#60Q72,PrMBrMYQSQ&I8%>,*>2Q$:NF*%Q7Q-<!%@#DT)!Q;(6B:8<8QEK@Q&~!@Q1<RdQ5,0%*!<<QpQCQ-Qd(%6q' +
  'v4^h]5o-;n3O';

/** The packed cells of plane 1 with characters from U+20000 on, less 0x20000. */
export const beyond1: string =
  '"n~~~~~~~~~~~~~~~~~~~~~~~~~~~<"5~~~Bo<7~*&l~4*A~;:z~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~' +
  '~~~~~~~~~~~~~~~~9m!~/a^~+Ld~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~' +
  '~~~~8oCp~X97~5+5~)"h~NB1~~~.`v~~~4j1~)$h~>09~-/v~:8M~nnC~T5)~62"~CAx~[fM~(*G~~~~~9o}Y~9';

/** The cells of plane 1 that are two characters in Unicode, each after its number. */
export const pairs1: string =
  '368 か゚ 369 き゚ 370 く゚ 371 け゚ 372 こ゚ 462 カ゚ 463 キ゚ 464 ク゚ 465 ケ゚ 466 コ゚ 467 セ゚ 468 ツ゚ 469 ト゚ 557 ㇷ゚ 97' +
  '5 æ̀ 979 ɔ̀ 980 ɔ́ 981 ʌ̀ 982 ʌ́ 983 ə̀ 984 ə́ 985 ɚ̀ 986 ɚ́ 1008 ˩˥ 1009 ˥˩';

/** The packed cells of plane 2 with characters up to U+FFFF. */
export const plane2: string =
  'p#~!vb;:%N#%D.!~!2sUP~!sU`>p;sV@#sVr#~!!.*0VEN(6Lppp0.L(~!_!#%*%:0plp>8.,(%s[cs]C<@%2#(s^Ns_/(0*(8%(' +
  ',p9Y4!#!,<~!.2!2%p+~!n~!,*00sau~~~"sbS~!>(~!p^~!F@0sdPsdh64se!se=~"pA!<@(~!pQ.@6:&~!L~!8#26!>si<siG~' +
  '!mF!RB2(~"k*<p&@~!%2~!sm<!smb*smesn9!q7p8(so2sof_(,]%06,.!2%*(~!p$%##:!0p9*st(st1%st6st`!%~!R*,2su.s' +
  'vQ~"I4%*8sv@svG~!.pQ~!f2a.sweswn#!.N#:sxRsy)(2*%6**F0D2<!~!]<~!,~!X!,!~!V.(!!,~"p5G%!4p1~!9~"D04t!Jt' +
  '!W%#.T#.6.~!@%Vg!##!(2:.~!D4JB!B!*#.@~!t&Xt(+t&{t(-t(6~!t(^(~!L!,g><8*B*!%.~"t*]t+9!4@,p"@JBB%!#>##*' +
  '*V#(*6&.60>Z1_,L.:%#%~~~~~%DLt10t1Ut1Vt1p0t1o$t2G8t2Nt2Wm.~!p1((!!.~"8~"8#t3u~"t4A#(!~!,0~!H~"pM4V?%' +
  '(#602t7%t7b2t7_t7h~!t7Xt8)t8%t87#%#N##~!*P,!0~!(*t9.t9Yt9Nt9p%t9et9v>@6t:8t:Ot:Ht:p!!~~~~~~~&!~!pA*#' +
  ':,.8.~!i6,<~!#p$X>8BF#H8t?%t?)(.!!<8!(2t?]t@36#t@JtA;p966F~!0!:4B#F(%V#!,*XtD]tDh*TX~!L!(!:%*~!p"0#L' +
  '~!a<,Z,*!>%N?,m:p1~!p",4%~"e%,!*%4~!6~"FPJ~!-p$pGj!.(6!,NJ.(,p)!#L4448#p+!2#~!:!T*tT2tTE*#tTLtTYHD@N' +
  '>.%!*p"%%.%.6tVJtW&.%0(R2V8)tX_~!tXn(0~".!!!<*@#.tYPtYv((tYqtZ$tZ#tZ|t]Pt]x(:~!.~"p9!.2~#N#~!X~!s^zs' +
  '[8q:#B*4.#J.~#c.<~!,0%,!(%2#tawtb?%8#,<,tcPtcQ!!#<!2.pS~"zg[zhs#.%.%6!.68(teF!~!tfMtfFtfYg%,0*Ftgktg' +
  'p#<4.%#(B*~"q+~"pq6!(ti!th~4F2%~!J!!6.%p5p.(D~!T*0tkTtk^<#~!4D2<+8!~">*!!4~!<(!!~!,tmHtmvV<H2*.~~~~~' +
  '~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~' +
  '~~~~~~~~~~~~~~~~~~~~~~ATF~!>!2!!B8!.%B0(o!(~!*<<DN*tr%tr9!#LJ<ts:tsC(#:%!~!F4T#!r"Br"O:_%#@@!2%(.~!q' +
  'v~#qR%,<r!:r!C,!!>4:pSS(*tyBtyU48!#!%##!%8tzDt{EH:6(.>q/pk<#>#8:B,~!L*%,0p3YF,p"b,4u"(u"1F!B(6~!F(.%' +
  'R~!L!#.((u$<u$KB(%#00%*>#i~![D~!pIh.#2o!#!!(u(_u)E#_/26u*!u+3OV*#8!(~!P0,%p)u,Z}Btz4c2(!t/mt/|B(8~!6' +
  '!2.>~!_!#!@u.au.tu.k#u/U.:6,!u/ou0O=*#4Ju0cu15!~!#!#,4(*4((#.%:##%%,,L,DTU.g:0TI%4*6H@(%~!4*#.!(*!<#' +
  '$X#,B+~!>~!m(,u6e~!u7+!#0,##T,$2%!%~!6u84u8^u8]u8v.0!,2(4#!.*#%04JE0u9m~!u9r0!~!2%H5~!u:!u:;~!08u:Ju' +
  ':zo.*$.!.~!T~!_(~!p)%F0~!u=2~"u=v04~!04!~!u>(u>`*%#*p=!*#(#u?4u?9(.~!4!%(806VZ,~!a4@1!!X:(#.6!*F!!%~' +
  '!D6J9L><%uDcuDx6e!!*,06..**!2uEw~".uFr.(,%uFuuG36>*4%%%!.%6%40,F2~!uH6uHM%#uHDuH^*L!8~"F~!p?O%(!#uJ#' +
  ':uKGpRuJ4uJYiM#%4~!uJguKA!4uKLuKr,.2*~"4#(@,F0%!N_*.,.%0*!!~#p?~!@!0~!*~!(*~!4~!>*~!4<,uOHuOW8~"_!#.' +
  '~"uPHuPj!@,uQ0uQK~!.#(6~!,4%8!2N#:60uS@~!}&KyNo.,%.*Rp/#20!uURuUd.#uUHuXv$%*!6vN*~!vN-~!>#!2@!~!Dth]' +
  '~!thf,B~!L8H#4%@0&,%*<0(Fg6(,]%0%B~!:@%<~!oS,u_yua1b0u`_u`h%*~!Bu`muafuaJuaxuaquat!uamub3T>#F*~!2~!0' +
  '~!B#~!*~!J0!~!@#04%+~!,ud<udAud<udI~!*.~!y6p!y6Hudcudh#(.2H!4#,#m,>@!(pdpH#F80FuhTuiEuhyfuix.!,#p+.(' +
  '20HL#(~!#eB*#!.!#~!2B#(*um>uo9pa>Punguo&!(~!H%*!!2%>>2!,2Vauq{]up5F#6%!~!R###*:4#~#P*6%<!,#*@4B:%%%~' +
  '!D%~!(x}"x|]%R0%:#((6!6xzjxzZ#<#<(#8%uvwuwU#.#%,,##<2(#%<.8!:4~"p)`#0:~!uy}uzY~!%:oO~!(#!(!#H#00J,(4' +
  'u|Lu|f<.*~"*~!,p5X!!#D~!$#0J!v!>v![~!p?~!6%(~!v"Jv"z]2.>B._#Fv$_v$h#4#v$kv%/%~!:H2.06q"`o.Rk~!<-0>%<' +
  'Lv*mv+):P2#42!.#r!Q~!(~"0#0*%D(,~!a$.v0@v0A2p7$(~!N!~!P*q3PBB~!a#BFav5(v4d2~!<#6!*~!v5,v5G%D2<4!#p$,' +
  '@*#!*~!L%v7_v8I~!.0>HJ4<~!pl@xHxxHw~!6*xG+xG%%,#6B(,.4p)~!8!R~"p".(r>$r=cv?Jv?f,:*~!H%~!N+<MF!*#D(#R' +
  '#!8!@#0%@*82T,*%:!L~"D#F28!~!X>*%(%*%.!(#!~"H!#4(4#,0(~".:!,0#.#8#p&~"W##.600!2#~"]4,%B,#p/~"U%(>q$~' +
  '"+p6,J,*e,.![pA#.4~"p"#r#v!:,!~!]2~!H~"q?.!~!0*a~!c~!P~!vZ#vZ?,(.%vZD~!vZx#%vZqv]">v[Vv[z6,<#(>~"p+(' +
  '((>!8<*%(!0@F2!,#v^_~!v^v>!?e_p^#%~!.!%!%%*(J~!!##*,!#Jva0~!vaI!~!%!!~!J!!.!!(!*.!<%!pY%F(#(,6**~!D2' +
  '%<.*(,B*<08veRvgEvg8vgEvg8vg9~!:4#%vgHvgS(*(T2(#(,>04vhLvhfP#,!.%!p1,*~"!,,2p+Y*4%!($~!8~!)~!_#!!%**' +
  '#!~!.*!<N~!I!~!4(%##4!!#!##%*qO8R5~!>,!~!vo6~!vohvoPvon0J%~!.#~!0%!.,280]7((,(#:(*!%BvrTvr~368%!q3~!' +
  '**L:~!J~!e0.B%vu}vu|H#L0%%((!:#%~!*~!8~!(%*~*';

/** The packed cells of plane 2 with characters from U+20000 on, less 0x20000. */
export const beyond2: string =
  '^7`?~*R~"#~(br~0_l~JcI~&_5~!C~~~)`=~"_+~!aO~*al_-~%ch~&aA~!^K~)`+~(aW^&~%d)~"^z~;iA~1`f~&a9^8~(5~"bl' +
  '~<k~~"_1~!^1~$1~&_j=~&^1~!^W<~.`-~-a"~,e5~%w}f~"w{@~.aO^^~Hk;~~~~~4k`~&b"P~!^KO~#^d-~$7~"^/~!^7_/~0b' +
  'K~+_9~%`5~~~~~~~:ed~)fK~$`K~@oU~5e1~(_)~$b=~0cl~$`[!~(7~!b"_{~#`)~=g"~Grz~#^I^g~6f~~!_K$~$&HA~"*~!*~' +
  ',_`./~#T~<`+_v~0^Y~5`x<~!A#~+b9~+C~(_9~(`dS~%^`~$R~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~' +
  '~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~LjK~1gx~5`/~3^f~!aE$^4~' +
  'Pf[~5cI~%_d~4aW~"^U~<g$~1jp~%`$~:h/~Hft~1c+~!R~$`|~/br~9bj~#^7~$^K~"^&~,g&~!6~"al~$`;~!^^S~#_+~#^A~1' +
  'gn~+a&~3an~:hQ6~:i1~+c9$~!<~2aS~+``R~5g=^5>~!)~#_v~!O~"^1~!^[~"^W~&`5;~$^UE~(X~$^x~-`G~:eh~!L~&a^~"u' +
  ')4~#u--~:k1~$^I~,_d~0g)~!:~!_W~"]~!_f~#^h~&^Y~%^M~"^;~Of~~*_^~/er~8cx~)_Q&!~1cE~"^=~Nk~$~%^-~"D~$^W~' +
  '4gA$~!Z~(_M~(`"~!J~#^C~4iW~-bt~4cx~!62~)bW~*bE~"_j~&fS~)ax~%^G~1g7~$_l~(cK~$^x~/cE~#_C!~+c5~"^+~@j3)' +
  '~&^/~.X!~+^I!~,_O6~+^v^D~)_5^M~%N1~0b=^A~(c[~"_K~!`A^-~#N~#_/~!_M~!^t~(a^~/l-B~5gh~*d;~*a1~*_l~"^7~#' +
  '^S~9eM~4f^~?p?_M~-^8~!_t~!^k~*`"~%^/~"?~3b[~#_K~!M~&b3~"_{~>zGu~$zXj~!a&~4fz~!B~!P~#`^~)';
